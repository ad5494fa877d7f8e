package dev.tidepool.allocator;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The report of a buffer that was still alive {@code leakGrace} after the close of its connection's
 * arena.
 *
 * @param connection what the arena was opened for; in a pipeline, the channel
 * @param buffer the buffer, as it was when the report was made
 */
public record LeakReport(Object connection, Survivor buffer) {
  /**
   * {@return the number of the request that the buffer was allocated in; a connection's first is 1}
   */
  public int request() {
    return buffer.request();
  }

  /** {@return the buffer's capacity in bytes} */
  public int capacity() {
    return buffer.capacity();
  }

  /** {@return the time from the end of its request to this report} */
  public Duration age() {
    return buffer.age();
  }

  /**
   * {@return where the buffer was allocated; null if that was not recorded (see {@link Recording})}
   */
  public @Nullable Trace allocatedAt() {
    return buffer.allocatedAt();
  }

  /** {@return where the buffer was last touched; null if it was not, or that was not recorded} */
  public @Nullable Trace lastTouchedAt() {
    return buffer.lastTouchedAt();
  }

  /** The report as it is logged. */
  @Override
  public String toString() {
    return ("%s: a buffer of %d bytes from request %d is still alive, %s s after the request ended:"
            + " %s, readable %d%s")
        .formatted(
            connection,
            capacity(),
            request(),
            buffer.seconds(),
            buffer.direct() ? "direct" : "heap",
            buffer.readableBytes(),
            buffer.story());
  }
}
