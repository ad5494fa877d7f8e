package dev.tidepool.allocator.model;

import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.allocator.BudgetPolicy;
import dev.tidepool.allocator.Checks;
import io.netty.util.ResourceLeakDetector.Level;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** The configuration of a world. */
record Configuration(Base base, Checks checks) {
  private static final long HARD_BUDGET = 16 * 1024;
  private static final long SOFT_BUDGET = 8 * 1024;
  private static final long GLOBAL_BUDGET = 64 * 1024;

  enum Base {
    TINY,
    DEFAULT_BLOCKS,
    ALIGNED,
    ODD_UPSTREAM,
    SCRUB,
    BUDGET,
    OVERFLOW,
    FAILING,
    RETAIN_NOTHING,
    LEAK_DETECTION
  }

  static List<Configuration> all() {
    return Arrays.stream(Base.values())
        .flatMap(
            base ->
                Arrays.stream(new Checks[] {Checks.OFF, Checks.FULL})
                    .map(checks -> new Configuration(base, checks)))
        .toList();
  }

  ArenaByteBufAllocator build(TestUpstream upstream) {
    ArenaByteBufAllocator.Builder tiny =
        ArenaByteBufAllocator.builder()
            .minBlockSize(1024)
            .maxBlockSize(4096)
            .alignment(alignment())
            .trimInterval(Duration.ZERO) // the clock is one of the operations
            .leakGrace(Duration.ofMinutes(1)) // longer than any test
            .checks(checks);
    return withOptions(tiny).upstream(upstream).build();
  }

  private ArenaByteBufAllocator.Builder withOptions(ArenaByteBufAllocator.Builder tiny) {
    return switch (base) {
      case DEFAULT_BLOCKS -> tiny.minBlockSize(8192).maxBlockSize(4 << 20);
      case TINY, ALIGNED -> tiny.maxRetainedPerLoop(16 * 1024);
      case ODD_UPSTREAM -> tiny.preferDirect(false);
      case SCRUB -> tiny.scrub(true);
      case BUDGET -> tiny.softBudget(SOFT_BUDGET).hardBudget(HARD_BUDGET);
      case OVERFLOW ->
          tiny.softBudget(SOFT_BUDGET)
              .hardBudget(HARD_BUDGET)
              .globalBudget(GLOBAL_BUDGET)
              .budgetPolicy(BudgetPolicy.OVERFLOW);
      case FAILING -> tiny.maxBlockSize(8192).softBudget(SOFT_BUDGET);
      case RETAIN_NOTHING -> tiny.maxRetainedPerLoop(0);
      case LEAK_DETECTION -> tiny;
    };
  }

  /** The size of most buffers; some do not fit the blocks, so that everything possible happens. */
  int usualSize() {
    return base == Base.DEFAULT_BLOCKS ? 20_000 : 2048;
  }

  int largestSize() {
    return base == Base.DEFAULT_BLOCKS ? 300_000 : 12_000;
  }

  TestUpstream upstream() {
    return new TestUpstream(base == Base.ODD_UPSTREAM || base == Base.ALIGNED);
  }

  /** The factor from a block to its memory: full checks put red zones in it. */
  int stretch() {
    return checks == Checks.FULL ? 2 : 1;
  }

  /** Whether upstream's memory may be larger than the block in it. */
  boolean alignsByShifting() {
    return base == Base.ALIGNED || base == Base.ODD_UPSTREAM;
  }

  int alignment() {
    return base == Base.ALIGNED ? 64 : 16;
  }

  /** The hard budget, or Long.MAX_VALUE for none. */
  long hardBudget() {
    return base == Base.BUDGET || base == Base.OVERFLOW ? HARD_BUDGET : Long.MAX_VALUE;
  }

  /** The soft budget, or Long.MAX_VALUE for none. */
  long softBudget() {
    return hardBudget() < Long.MAX_VALUE || base == Base.FAILING ? SOFT_BUDGET : Long.MAX_VALUE;
  }

  boolean overflows() {
    return base == Base.OVERFLOW;
  }

  boolean scrubs() {
    return base == Base.SCRUB;
  }

  boolean upstreamFails() {
    return base == Base.FAILING || base == Base.LEAK_DETECTION;
  }

  /** All or nothing: Netty's sampling has its own random numbers, which cannot be replayed. */
  Level leakDetection() {
    return base == Base.LEAK_DETECTION ? Level.PARANOID : Level.DISABLED;
  }

  @Override
  public String toString() {
    return base + "/" + checks;
  }
}
