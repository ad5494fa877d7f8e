package dev.tidepool.benchmarks.memory;

import dev.tidepool.benchmarks.AllocatorUnderTest;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The questions about memory that are asked of every allocator. */
public enum Suite {
  /** What do connections hold that have nothing to do? */
  IDLE {
    @Override
    List<Case> cases(boolean quick) {
      return quick ? IdleCases.quick() : IdleCases.full();
    }
  },

  /** How much of 1 GiB is still held one trim interval after its release? */
  BURST {
    @Override
    List<Case> cases(boolean quick) {
      Case silence = new Case("silence", new Burst(quick ? 256 : 1024, Burst.Aftermath.SILENCE));
      return quick
          ? List.of(silence)
          : List.of(
              silence,
              new Case("trickle", new Burst(1024, Burst.Aftermath.TRICKLE)),
              new Case("elsewhere", new Burst(1024, Burst.Aftermath.RELEASED_ELSEWHERE)));
    }
  },

  /** What does one buffer in every hundred hold, when it is kept for good? */
  STRAGGLERS {
    @Override
    List<Case> cases(boolean quick) {
      return quick
          ? List.of(new Case("few", new Stragglers(16, 20_000)))
          : List.of(
              new Case("few", new Stragglers(16, 100_000)),
              new Case("many", new Stragglers(1_000, 100_000)));
    }
  },

  /** Is one large request remembered for ever? */
  RATCHET {
    @Override
    List<Case> cases(boolean quick) {
      return List.of(new Case("large", new Ratchet(quick ? 100 : 1_000)));
    }
  },

  /** How much do connections hold that are all at work? */
  LOAD {
    @Override
    List<Case> cases(boolean quick) {
      return quick
          ? List.of(new Case("at-once", new Load(500, 1, 0)))
          : List.of(
              new Case("at-once", new Load(10_000, 8, 0)),
              new Case("later", new Load(10_000, 8, 20)));
    }
  };

  /** A scenario under the name by which a child JVM is told to run it, and who it is for. */
  record Case(String name, Scenario scenario, Set<AllocatorUnderTest> allocators) {
    /** For all. */
    Case(String name, Scenario scenario) {
      this(name, scenario, EnumSet.allOf(AllocatorUnderTest.class));
    }
  }

  /** What the suite consists of; each case of each allocator runs in a JVM of its own. */
  abstract List<Case> cases(boolean quick);

  Case namedCase(String name, boolean quick) {
    return cases(quick).stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "case: %s (expected: one of %s)".formatted(name, cases(quick))));
  }

  /** As files and reports call it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
