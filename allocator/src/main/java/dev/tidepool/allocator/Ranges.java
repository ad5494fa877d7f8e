package dev.tidepool.allocator;

import io.netty.buffer.ByteBufAllocator;
import java.time.Duration;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The ranges that option values are checked against. */
final class Ranges {
  private static final Duration LONGEST_TIME = Duration.ofNanos(Long.MAX_VALUE);

  private Ranges() {}

  static <T> Option.Range<T> any() {
    return (value, others) -> null;
  }

  static Option.Range<Integer> powerOfTwo(ToIntFunction<Options> least, int most) {
    return (value, others) -> powerOfTwo(value, least.applyAsInt(others), most);
  }

  private static @Nullable String powerOfTwo(int value, int least, int most) {
    return value < least || value > most || Integer.bitCount(value) != 1
        ? "a power of two from %d to %d".formatted(least, most)
        : null;
  }

  static Option.Range<Long> atLeast(long least) {
    return atLeast(others -> least);
  }

  static Option.Range<Long> atLeast(ToLongFunction<Options> least) {
    return (value, others) ->
        value < least.applyAsLong(others) ? ">= " + least.applyAsLong(others) : null;
  }

  /** A time whose nanoseconds fit into a long. */
  static Option.Range<Duration> time() {
    return (value, others) ->
        value.isNegative() || value.compareTo(LONGEST_TIME) > 0
            ? "a time from 0 to " + LONGEST_TIME
            : null;
  }

  /** No blocks of blocks: they would be counted, trimmed and checked twice. */
  static Option.Range<ByteBufAllocator> notOfBlocks() {
    return (value, others) ->
        value instanceof ArenaByteBufAllocator || value instanceof ConnectionArena
            ? "an allocator that is not built on blocks itself"
            : null;
  }
}
