package dev.tidepool.allocator.model;

import io.netty.util.ResourceLeakDetector;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Operations, and the world to run them in. */
record Sequence(Configuration configuration, List<Operation> operations) {

  /**
   * Random operations. Each sequence has weights of its own: what is rare in one and frequent in
   * another meets more that way than if everything were equally likely everywhere.
   */
  static Sequence random(Configuration configuration, long seed, int steps) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Operation.Kind> kinds = weighted(random);
    List<Operation> operations = new ArrayList<>(steps);
    operations.add(Operation.random(Operation.Kind.OPEN, random));
    while (operations.size() < steps) {
      operations.add(Operation.random(kinds.get(random.nextInt(kinds.size())), random));
    }
    return new Sequence(configuration, operations);
  }

  private static List<Operation.Kind> weighted(SplittableRandom random) {
    int[] factors = {0, 1, 2, 2, 2, 6};
    List<Operation.Kind> kinds = new ArrayList<>();
    for (Operation.Kind kind : Operation.Kind.values()) {
      boolean needed = kind == Operation.Kind.ALLOCATE || kind == Operation.Kind.RELEASE;
      int factor = needed ? 2 : factors[random.nextInt(factors.length)];
      for (int i = 0; i < factor * kind.weight; i++) {
        kinds.add(kind);
      }
    }
    return kinds;
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
