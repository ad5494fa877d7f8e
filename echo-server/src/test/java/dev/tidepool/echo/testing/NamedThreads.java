package dev.tidepool.echo.testing;

/** The threads of this process by their name. */
public final class NamedThreads {
  private NamedThreads() {}

  /**
   * Waits until {@code count} live: one that ends outlives its executor by a moment, whether this
   * test or the one before it has closed that.
   */
  public static void await(String name, int count) {
    TestServer.await(count + " threads with the name " + name, () -> alive(name) == count);
  }

  private static long alive(String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals(name))
        .count();
  }
}
