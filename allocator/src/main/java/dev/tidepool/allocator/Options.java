package dev.tidepool.allocator;

import dev.tidepool.allocator.memory.MemoryOptions;
import dev.tidepool.allocator.memory.MemoryOptions.ChecksLevel;
import dev.tidepool.allocator.memory.SizeClasses;
import dev.tidepool.allocator.os.NativeTrimmer;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.time.Duration;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** What an allocator is built with; valid by construction. */
record Options(
    ByteBufAllocator upstream,
    boolean preferDirect,
    int minBlockSize,
    int maxBlockSize,
    int alignment,
    long maxRetainedPerLoop,
    Duration trimInterval,
    long nativeTrimThreshold,
    Duration nativeTrimInterval,
    long softBudget,
    long hardBudget,
    long globalBudget,
    BudgetPolicy budgetPolicy,
    boolean closeHeaviest,
    boolean scrub,
    Duration leakGrace,
    Checks checks,
    Recording recording) {

  static final long NO_BUDGET = Long.MAX_VALUE;
  private static final int SMALLEST_BLOCK = 1024;
  private static final int LARGEST_BLOCK = 1 << 30;
  private static final int LARGEST_ALIGNMENT = 4096;
  private static final Duration LONGEST_TIME = Duration.ofNanos(Long.MAX_VALUE);

  static final Options DEFAULTS =
      new Options(
          UnpooledByteBufAllocator.DEFAULT,
          true,
          4 * 1024,
          4 * 1024 * 1024,
          16,
          32L * 1024 * 1024,
          Duration.ofSeconds(1),
          16L * 1024 * 1024,
          Duration.ofSeconds(5),
          NO_BUDGET,
          NO_BUDGET,
          NO_BUDGET,
          BudgetPolicy.FAIL,
          false,
          false,
          Duration.ofSeconds(5),
          Checks.OFF,
          Recording.OFF);

  Options {
    given("upstream", upstream, "an allocator");
    given("checks", checks, "how much to verify");
    given("recording", recording, "of which buffers");
    powerOfTwo("alignment", alignment, 8, LARGEST_ALIGNMENT);
    powerOfTwo("minBlockSize", minBlockSize, Math.max(SMALLEST_BLOCK, alignment), LARGEST_BLOCK);
    powerOfTwo("maxBlockSize", maxBlockSize, minBlockSize, LARGEST_BLOCK);
    atLeast("maxRetainedPerLoop", maxRetainedPerLoop, 0);
    atLeast("nativeTrimThreshold", nativeTrimThreshold, 0);
    atLeast("softBudget", softBudget, 1);
    atLeast("hardBudget", hardBudget, softBudget == NO_BUDGET ? 1 : softBudget);
    atLeast("globalBudget", globalBudget, 1);
    given("budgetPolicy", budgetPolicy, "what becomes of an allocation over the budget");
    time("trimInterval", trimInterval);
    time("nativeTrimInterval", nativeTrimInterval);
    time("leakGrace", leakGrace);
    if (upstream instanceof ArenaByteBufAllocator || upstream instanceof ConnectionArena) {
      throw new IllegalArgumentException(
          "upstream: " + upstream + " (expected: an allocator that is not built on blocks itself)");
    }
  }

  boolean hasBudget() {
    return softBudget != NO_BUDGET || hardBudget != NO_BUDGET || hasGlobalBudget();
  }

  boolean hasGlobalBudget() {
    return globalBudget != NO_BUDGET;
  }

  /** What upstream is to tell of the direct memory that it has again. */
  LongConsumer directFreed() {
    if (nativeTrimThreshold == 0) {
      return bytes -> {};
    }
    NativeTrimmer.Policy policy = nativeTrimPolicy();
    return bytes -> NativeTrimmer.OF_PROCESS.freed(bytes, policy);
  }

  /**
   * What lies idle goes back upstream within one trim interval of the last release, and that is
   * waited for, as one trim costs less than two; but not for longer than the next trim would be.
   */
  private NativeTrimmer.Policy nativeTrimPolicy() {
    long interval = nativeTrimInterval.toNanos();
    long idle = trimInterval.toNanos();
    long settle = idle > interval / 2 ? interval : idle + idle / 4;
    return new NativeTrimmer.Policy(nativeTrimThreshold, interval, settle);
  }

  MemoryOptions memory() {
    return new MemoryOptions(
        new SizeClasses(minBlockSize, maxBlockSize),
        alignment,
        maxRetainedPerLoop,
        scrub,
        ChecksLevel.valueOf(checks.name()),
        recording != Recording.OFF,
        hasBudget());
  }

  private static void powerOfTwo(String name, int value, int least, int most) {
    if (value < least || value > most || Integer.bitCount(value) != 1) {
      throw new IllegalArgumentException(
          "%s: %d (expected: a power of two from %d to %d)".formatted(name, value, least, most));
    }
  }

  private static void atLeast(String name, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException("%s: %d (expected: >= %d)".formatted(name, value, least));
    }
  }

  private static void time(String name, @Nullable Duration value) {
    if (value == null || value.isNegative() || value.compareTo(LONGEST_TIME) > 0) {
      throw new IllegalArgumentException(
          "%s: %s (expected: a time from 0 to %s)".formatted(name, value, LONGEST_TIME));
    }
  }

  static <T> T given(String name, @Nullable T value, String expected) {
    if (value == null) {
      throw new IllegalArgumentException("%s: null (expected: %s)".formatted(name, expected));
    }
    return value;
  }
}
