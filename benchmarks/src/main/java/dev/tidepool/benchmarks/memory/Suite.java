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

  /** What do buffers hold that are kept among others that die? */
  STRAGGLERS {
    @Override
    List<Case> cases(boolean quick) {
      return quick
          ? List.of(
              new Case("few", new Stragglers(16, 20_000, false)),
              new Case("cumulations-128", new KeptCumulations(128 * 1024)))
          : List.of(
              new Case("few", new Stragglers(16, 100_000, false)),
              new Case("many", new Stragglers(1_000, 100_000, false)),
              new Case("many-random", new Stragglers(1_000, 100_000, true)),
              new Case("cumulations-128", new KeptCumulations(128 * 1024)),
              new Case("cumulations-64", new KeptCumulations(64 * 1024)));
    }
  },

  /** Is one large request remembered for ever? */
  RATCHET {
    @Override
    List<Case> cases(boolean quick) {
      return List.of(
          new Case("large", new Ratchet(quick ? 100 : 1_000)),
          new Case("answers", new LargeAnswers(quick ? 50 : 500)));
    }
  },

  /** How much do connections hold that are all at work? */
  LOAD {
    @Override
    List<Case> cases(boolean quick) {
      return quick
          ? List.of(
              new Case("at-once", new Load(500, 1, 0)),
              new Case("silence", new LoadThenSilence(200, 1, 4)),
              new Case("tls", new TlsLoad(300, 1)))
          : List.of(
              new Case("at-once", new Load(10_000, 8, 0)),
              new Case("later", new Load(10_000, 8, 20)),
              new Case("silence", new LoadThenSilence(2_000, 8, 8)),
              new Case("tls", new TlsLoad(10_000, 4), POOLING));
    }
  },

  /** How much does a server hold that wants all of a large request before it answers? */
  UPLOADS {
    @Override
    List<Case> cases(boolean quick) {
      return List.of(
          new Case("http2", new Uploads(20_000_000, 65_535, true)),
          new Case("message", new Uploads(16_000_000, 1_048_576, false)));
    }
  },

  /** What does a load suffer while the C library gives memory back? */
  TRIM {
    @Override
    List<Case> cases(boolean quick) {
      int pairs = quick ? 3 : 20;
      long bytes = quick ? 256L << 20 : 1L << 30;
      Set<AllocatorUnderTest> one = EnumSet.of(AllocatorUnderTest.CONNECTION);
      return List.of(
          new Case("native", new NativeTrim(pairs, bytes, false), one),
          new Case("native-stop", new NativeTrim(pairs, bytes, true), one));
    }
  };

  /** Without the one whose memory is what is alive: a handshake takes long. */
  private static final Set<AllocatorUnderTest> POOLING =
      EnumSet.complementOf(EnumSet.of(AllocatorUnderTest.UNPOOLED));

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
