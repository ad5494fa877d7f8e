package dev.tidepool.allocator.model;

import io.netty.util.ResourceLeakDetector;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Operations, and the world to run them in. */
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

  /** What goes wrong, or null. */
  Throwable failure() {
    ResourceLeakDetector.Level before = ResourceLeakDetector.getLevel();
    ResourceLeakDetector.setLevel(configuration.leakDetection());
    try (World world = new World(configuration)) {
      for (Operation operation : operations) {
        world.step(operation);
      }
      world.end();
      return null;
    } catch (Throwable e) {
      return e;
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
