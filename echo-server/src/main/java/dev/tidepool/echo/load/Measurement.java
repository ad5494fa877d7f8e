package dev.tidepool.echo.load;

/**
 * The time of a load: which requests are measured, and until when requests begin. Thread-safe; one
 * thread begins it.
 */
final class Measurement {
  private long beginNanos; // written before begun
  private volatile boolean begun;
  private volatile boolean stopping;

  /** Requests from now on are measured. */
  void begin(long nanoTime) {
    beginNanos = nanoTime;
    begun = true;
  }

  boolean begun() {
    return begun;
  }

  /** Whether a request that begins, or ought to begin, at this time is measured. */
  boolean includes(long nanoTime) {
    return begun && nanoTime - beginNanos >= 0;
  }

  /** No request begins any more. */
  void stop() {
    stopping = true;
  }

  boolean stopping() {
    return stopping;
  }
}
