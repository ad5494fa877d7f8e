package dev.tidepool.echo.load.live;

import dev.tidepool.echo.server.ServerFigures;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Waits for what a server says of the connections that a load has closed. It reports a buffer as
 * leaked only some time after its connection's close, so the buffers of closed connections have to
 * be released or reported before the leaks are known.
 */
public final class LeakWait {
  /** Somewhat more than the time after which a server's allocator reports leaks, which is 5 s. */
  private static final Duration PATIENCE = Duration.ofSeconds(8);

  /**
   * How long a server may take to hear of closes. Other clients may have come meanwhile to stay.
   */
  private static final Duration CLOSING = Duration.ofSeconds(1);

  private static final long POLL_MILLIS = 50;

  private final Figures figures;
  private final ServerFigures idle;
  private final ServerFigures before;
  private final Duration patience;
  private final Duration closing;

  /** Reads a server's figures. */
  @FunctionalInterface
  public interface Figures {
    ServerFigures read() throws IOException;
  }

  /**
   * @param idle before the load opened its connections
   * @param before when they were open
   */
  public LeakWait(Figures figures, ServerFigures idle, ServerFigures before) {
    this(figures, idle, before, PATIENCE, CLOSING);
  }

  LeakWait(
      Figures figures,
      ServerFigures idle,
      ServerFigures before,
      Duration patience,
      Duration closing) {
    this.figures = figures;
    this.idle = idle;
    this.before = before;
    this.patience = patience;
    this.closing = closing;
  }

  /**
   * The figures when the leaks are known, or when that took too long.
   *
   * @param hurried whether to wait no longer
   * @throws IOException if they cannot be read
   */
  public ServerFigures await(BooleanSupplier hurried) throws IOException {
    long begin = System.nanoTime();
    ServerFigures now = figures.read();
    while (!isTold(now, Duration.ofNanos(System.nanoTime() - begin)) && !hurried.getAsBoolean()) {
      pause();
      now = figures.read();
    }
    return now;
  }

  private boolean isTold(ServerFigures now, Duration waited) {
    boolean closed = now.openArenas() <= idle.openArenas() || waited.compareTo(closing) >= 0;
    boolean told = now.buffersOfClosed() - before.buffersOfClosed() <= now.leaks() - before.leaks();
    return (closed && told) || waited.compareTo(patience) >= 0 || now.pid() != before.pid();
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the next reading fails
    }
  }
}
