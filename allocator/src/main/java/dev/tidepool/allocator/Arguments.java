package dev.tidepool.allocator;

/** What the public methods require, and the errors where it is not so. */
final class Arguments {
  private Arguments() {}

  /**
   * @throws IllegalArgumentException if {@code value} is negative
   */
  static void requireNotNegative(String name, long value) {
    if (value < 0) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: >= 0)");
    }
  }

  /**
   * @param call of the arena, for the error
   * @throws IllegalStateException if the arena is closed
   */
  static void requireOpen(String call, boolean closed) {
    if (closed) {
      throw new IllegalStateException(
          call + ": arena of a connection, closed: true (expected: open)");
    }
  }
}
