package dev.tidepool.allocator.model;

import dev.tidepool.allocator.model.Operation.Kind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * The maker of one sequence's operations. Each sequence has weights of its own, and may keep to one
 * thread, one arena, one kind of memory, small buffers. So operations rare in one sequence and
 * frequent in another meet more often than with equal weights everywhere.
 */
final class Mood {
  private static final Set<Kind> ALWAYS = EnumSet.of(Kind.ALLOCATE, Kind.RELEASE);
  private static final Set<Kind> UNSETTLING =
      EnumSet.of(Kind.OPEN, Kind.CLOSE, Kind.NEW_CHILD, Kind.END_LOOP, Kind.SUSPEND_LOOP);
  private static final int[] FACTORS = {0, 1, 2, 2, 2, 6};

  private final SplittableRandom random;
  private final boolean oneThread;
  private final boolean oneArena;
  private final boolean oneMemory;
  private final boolean small;
  private final List<Kind> kinds = new ArrayList<>();

  Mood(SplittableRandom random) {
    this.random = random;
    this.oneThread = random.nextInt(3) == 0;
    this.oneArena = random.nextInt(2) == 0;
    this.oneMemory = random.nextInt(2) == 0;
    this.small = random.nextInt(2) == 0;
    for (Kind kind : Kind.values()) {
      for (int i = factor(kind) * kind.weight; i > 0; i--) {
        kinds.add(kind);
      }
    }
  }

  private int factor(Kind kind) {
    int factor = FACTORS[random.nextInt(FACTORS.length)];
    if (ALWAYS.contains(kind)) {
      return 1 + random.nextInt(2);
    }
    return oneArena && UNSETTLING.contains(kind) ? factor / 6 : factor;
  }

  Operation next() {
    return next(kinds.get(random.nextInt(kinds.size())));
  }

  Operation next(Kind kind) {
    int actor = oneThread ? 0 : Actors.USUALLY[random.nextInt(Actors.USUALLY.length)];
    int a = random.nextInt(1 << 16);
    int b = random.nextInt(1 << 16);
    int c = random.nextInt(1 << 16);
    return new Operation(
        kind,
        actor,
        oneArena && kind == Kind.ALLOCATE ? 1 : a,
        small ? Sizes.small(b) : b,
        oneMemory && kind == Kind.ALLOCATE ? c & ~1 : c);
  }
}
