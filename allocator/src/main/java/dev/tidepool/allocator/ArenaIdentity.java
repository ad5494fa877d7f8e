package dev.tidepool.allocator;

import io.netty.buffer.ByteBufAllocator;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The layer of a {@link ConnectionArena} that identifies it, by the time of its opening: one number
 * for both, as every idle connection keeps it. Two arenas opened within a microsecond differ by
 * one; the clock of a million openings a second would run ahead.
 */
abstract class ArenaIdentity implements ByteBufAllocator {
  private static final long START = System.nanoTime();
  private static final AtomicLong last = new AtomicLong();

  private final long openedMicros = last.accumulateAndGet(micros(), ArenaIdentity::later);

  private static long micros() {
    return TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - START);
  }

  private static long later(long last, long now) {
    return Math.max(last + 1, now);
  }

  /** A number that no other arena of the process has; those opened later have greater ones. */
  final long id() {
    return openedMicros;
  }

  /** Of the number, as the JVM's takes a native call, which every stream's arena would pay. */
  @Override
  public final int hashCode() {
    return Long.hashCode(openedMicros);
  }

  /** Microseconds since the opening; at least 0. */
  final long ageMicros() {
    return Math.max(0, micros() - openedMicros);
  }
}
