package dev.tidepool.allocator;

import dev.tidepool.allocator.memory.MemoryOptions;
import dev.tidepool.allocator.memory.MemoryOptions.ChecksLevel;
import dev.tidepool.allocator.memory.SizeClasses;
import dev.tidepool.allocator.os.NativeTrimmer;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The options of an allocator: their declarations, and one allocator's values. Immutable, and valid
 * by construction.
 *
 * <p>To add an option, declare it here and add a method to {@link OptionsBuilder}. System
 * properties and checks follow from the declaration, and a test compares the documented table with
 * it.
 */
final class Options {
  static final long NO_BUDGET = Long.MAX_VALUE;

  private static final int SMALLEST_BLOCK = 1024;
  private static final int LARGEST_BLOCK = 1 << 30;
  private static final int KIB = 1024;
  private static final int MIB = 1024 * 1024;

  private static final List<Option<?>> DECLARED = new ArrayList<>();

  /** All options, in the order of the documented table. */
  static final List<Option<?>> ALL = Collections.unmodifiableList(DECLARED);

  static final Option<ByteBufAllocator> UPSTREAM =
      option(
          "upstream",
          OptionType.ALLOCATOR,
          UnpooledByteBufAllocator.DEFAULT,
          "`UnpooledByteBufAllocator.DEFAULT`",
          "where blocks come from; as a property `unpooled`, `pooled` or `adaptive`",
          Ranges.notOfBlocks());

  static final Option<Boolean> PREFER_DIRECT =
      option(
          "preferDirect",
          OptionType.FLAG,
          true,
          "`true`",
          "whether `buffer()` is direct, where Netty can free direct memory itself",
          Ranges.any());

  static final Option<Integer> ALIGNMENT =
      option(
          "alignment",
          OptionType.INT_SIZE,
          16,
          "16",
          "the alignment of every buffer's start, in bytes",
          Ranges.powerOfTwo(others -> 8, 4 * KIB));

  static final Option<Integer> MIN_BLOCK_SIZE =
      option(
          "minBlockSize",
          OptionType.INT_SIZE,
          4 * KIB,
          "4 KiB",
          "the smallest block: the least that a connection with anything alive holds",
          Ranges.powerOfTwo(
              others -> Math.max(SMALLEST_BLOCK, others.get(ALIGNMENT)), LARGEST_BLOCK));

  static final Option<Integer> MAX_BLOCK_SIZE =
      option(
          "maxBlockSize",
          OptionType.INT_SIZE,
          4 * MIB,
          "4 MiB",
          "the largest pooled block; a larger buffer gets memory of its own",
          Ranges.powerOfTwo(others -> others.get(MIN_BLOCK_SIZE), LARGEST_BLOCK));

  static final Option<Long> MAX_RETAINED_PER_LOOP =
      option(
          "maxRetainedPerLoop",
          OptionType.SIZE,
          32L * MIB,
          "32 MiB",
          "the most idle memory that one event loop keeps",
          Ranges.atLeast(0));

  static final Option<Duration> TRIM_INTERVAL =
      option(
          "trimInterval",
          OptionType.TIME,
          Duration.ofSeconds(1),
          "1 s",
          "idle memory goes back upstream within this time, and not before three quarters of"
              + " it; 0: never",
          Ranges.time());

  static final Option<Long> NATIVE_TRIM_THRESHOLD =
      option(
          "nativeTrimThreshold",
          OptionType.SIZE,
          16L * MIB,
          "16 MiB",
          "bytes of direct memory that go back upstream before the C library is made to give"
              + " free memory back to the operating system; 0: never",
          Ranges.atLeast(0));

  static final Option<Duration> NATIVE_TRIM_INTERVAL =
      option(
          "nativeTrimInterval",
          OptionType.TIME,
          Duration.ofSeconds(5),
          "5 s",
          "the shortest time between two native trims",
          Ranges.time());

  static final Option<Long> SOFT_BUDGET =
      option(
          "softBudget",
          OptionType.SIZE,
          NO_BUDGET,
          "none",
          "bytes of blocks above which a connection is not read from until half of it is free",
          Ranges.atLeast(1));

  static final Option<Long> HARD_BUDGET =
      option(
          "hardBudget",
          OptionType.SIZE,
          NO_BUDGET,
          "none",
          "bytes of blocks that one connection may hold; over it the policy decides",
          Ranges.atLeast(
              others -> others.get(SOFT_BUDGET) == NO_BUDGET ? 1 : others.get(SOFT_BUDGET)));

  static final Option<Long> GLOBAL_BUDGET =
      option(
          "globalBudget",
          OptionType.SIZE,
          NO_BUDGET,
          "none",
          "bytes of blocks that all connections and the shared allocator may hold together",
          Ranges.atLeast(1));

  static final Option<BudgetPolicy> BUDGET_POLICY =
      option(
          "budgetPolicy",
          OptionType.oneOf(BudgetPolicy.class),
          BudgetPolicy.FAIL,
          "`fail`",
          "over a budget: `fail`, `pause` or `overflow`",
          Ranges.any());

  static final Option<Boolean> CLOSE_HEAVIEST =
      option(
          "closeHeaviest",
          OptionType.FLAG,
          false,
          "`false`",
          "whether, above 7/8 of the global budget, the connection that holds most is closed",
          Ranges.any());

  static final Option<Boolean> SCRUB =
      option(
          "scrub",
          OptionType.FLAG,
          false,
          "`false`",
          "whether a block's used part is zeroed before its next lease",
          Ranges.any());

  static final Option<Duration> LEAK_GRACE =
      option(
          "leakGrace",
          OptionType.TIME,
          Duration.ofSeconds(5),
          "5 s",
          "how long a closed connection's buffers may live before they are reported",
          Ranges.time());

  static final Option<Recording> RECORDING =
      option(
          "recording",
          OptionType.oneOf(Recording.class),
          Recording.OFF,
          "`off`",
          "which buffers of connections have their allocation and last touch recorded: none"
              + " (`off`), one in 128 (`sampled`) or `all`",
          Ranges.any());

  static final Option<Checks> CHECKS =
      option(
          "checks",
          OptionType.oneOf(Checks.class),
          Checks.OFF,
          "`off`",
          "`light`: invariants on slow paths; `full`: poison, red zones, no buffer object used"
              + " twice, for tests; takes twice the memory upstream",
          Ranges.any());

  private static <T> Option<T> option(
      String name,
      OptionType<T> type,
      T byDefault,
      String defaultText,
      String meaning,
      Option.Range<T> range) {
    Option<T> declared = new Option<>(name, type, byDefault, defaultText, meaning, range);
    DECLARED.add(declared);
    return declared;
  }

  private final Map<Option<?>, Object> values = new LinkedHashMap<>();

  /**
   * @param given the values that differ from the defaults
   * @throws IllegalArgumentException if one is null or out of its range; the message says the
   *     option, its value and what was expected
   */
  Options(Map<Option<?>, @Nullable Object> given) {
    ALL.forEach(option -> values.put(option, option.valueIn(given)));
    ALL.forEach(option -> option.check(this));
  }

  <T> T get(Option<T> option) {
    @SuppressWarnings("unchecked") // OptionsBuilder.set puts values of the option's type only
    T value = (T) Objects.requireNonNull(values.get(option), option.name());
    return value;
  }

  boolean hasBudget() {
    return get(SOFT_BUDGET) != NO_BUDGET || get(HARD_BUDGET) != NO_BUDGET || hasGlobalBudget();
  }

  boolean hasGlobalBudget() {
    return get(GLOBAL_BUDGET) != NO_BUDGET;
  }

  /** Receives the bytes of direct memory that went back upstream. */
  LongConsumer directFreed() {
    if (get(NATIVE_TRIM_THRESHOLD) == 0) {
      return bytes -> {};
    }
    NativeTrimmer.Policy policy = nativeTrimPolicy();
    return bytes -> NativeTrimmer.OF_PROCESS.freed(bytes, policy);
  }

  /**
   * The policy of native trims. Idle memory goes back upstream within one trim interval of the last
   * release. A native trim waits for that, as one trim costs less than two, but no longer than the
   * interval between native trims.
   */
  private NativeTrimmer.Policy nativeTrimPolicy() {
    long interval = get(NATIVE_TRIM_INTERVAL).toNanos();
    long idle = get(TRIM_INTERVAL).toNanos();
    long settle = idle > interval / 2 ? interval : idle + idle / 4;
    return new NativeTrimmer.Policy(get(NATIVE_TRIM_THRESHOLD), interval, settle);
  }

  MemoryOptions memory() {
    return new MemoryOptions(
        new SizeClasses(get(MIN_BLOCK_SIZE), get(MAX_BLOCK_SIZE)),
        get(ALIGNMENT),
        get(MAX_RETAINED_PER_LOOP),
        get(SCRUB),
        ChecksLevel.valueOf(get(CHECKS).name()),
        get(RECORDING) != Recording.OFF,
        hasBudget());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Options that && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
