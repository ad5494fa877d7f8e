package dev.tidepool.echo.load;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Watches that requests are answered at all, and ends the load if they are not. One event loop. */
final class ProgressWatch {
  /** Beyond the timeout, in which connections are opened again. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private static final long PERIOD_MILLIS = 500;

  private final LoadTally tally;
  private final Duration timeout;
  private final Consumer<LoadException> giveUp;
  private long answered = -1;
  private long errors;
  private long sinceNanos;

  ProgressWatch(LoadTally tally, Duration timeout, Consumer<LoadException> giveUp) {
    this.tally = tally;
    this.timeout = timeout;
    this.giveUp = giveUp;
  }

  void start(EventLoop loop) {
    loop.scheduleAtFixedRate(this::check, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void check() {
    long now = System.nanoTime();
    boolean waits = tally.inFlight() > 0 || tally.errors() > errors;
    if (tally.answered() != answered || !waits) {
      answered = tally.answered();
      errors = tally.errors();
      sinceNanos = now;
    } else if (!tally.measurement().stopping() && now - sinceNanos > limit().toNanos()) {
      giveUp.accept(
          new LoadException(
              ErrorCause.TIMEOUT,
              "nothing was answered for "
                  + limit().toMillis()
                  + " ms, expected an answer within "
                  + timeout.toMillis()
                  + " ms"));
    }
  }

  private Duration limit() {
    return timeout.plus(GRACE);
  }
}
