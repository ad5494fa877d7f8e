package dev.tidepool.allocator.model;

import io.netty.util.ResourceLeakDetector;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Operations, and the configuration of the world that they run in. */
record Sequence(Configuration configuration, List<Operation> operations) {

  static Sequence random(Configuration configuration, long seed, int steps) {
    Mood mood = new Mood(new SplittableRandom(seed));
    List<Operation> operations = new ArrayList<>(steps);
    operations.add(mood.next(Operation.Kind.OPEN));
    while (operations.size() < steps) {
      operations.add(mood.next());
    }
    return new Sequence(configuration, operations);
  }

  Sequence with(List<Operation> others) {
    return new Sequence(configuration, others);
  }

  /** The first failure, or null. */
  Throwable failure() {
    try {
      run(world -> {});
      return null;
    } catch (Throwable e) {
      return e;
    }
  }

  /** The holdings of every arena after each step. */
  List<String> trace() throws Throwable {
    List<String> trace = new ArrayList<>();
    run(world -> trace.add(world.allocator + " " + world.connections));
    return trace;
  }

  private void run(Consumer<World> afterStep) throws Throwable {
    ResourceLeakDetector.Level before = ResourceLeakDetector.getLevel();
    ResourceLeakDetector.setLevel(configuration.leakDetection());
    try (World world = new World(configuration)) {
      for (Operation operation : operations) {
        world.step(operation);
        afterStep.accept(world);
      }
      world.end();
    } finally {
      ResourceLeakDetector.setLevel(before);
    }
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(configuration.toString());
    operations.forEach(operation -> text.append("\n  ").append(operation).append(','));
    return text.toString();
  }
}
