package dev.tidepool.echo.load;

import java.io.IOException;
import java.time.Duration;

/** A load's tally, in which a test counts. */
public final class TestTally {
  private final LoadTally tally = new LoadTally();
  private final LoopTally loop = tally.newLoop();

  public LoadTally tally() {
    return tally;
  }

  /** The warm-up is over. */
  public void begin() {
    tally.measurement().begin(0, null);
  }

  public void sent() {
    loop.sent(0, 0);
  }

  public void answered(Duration latency) {
    loop.answered(0, latency.toNanos());
  }

  public void failed() {
    loop.error(0, new IOException("a fault of the test"), 1);
  }
}
