package dev.tidepool.echo.server;

import java.util.concurrent.atomic.LongAdder;

/** What the server has served so far; counted on all event loops. */
public final class ServerTotals {
  private final LongAdder connections = new LongAdder();
  private final LongAdder requests = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder errors = new LongAdder();

  void connected() {
    connections.increment();
  }

  void echoed(long requestCount, long byteCount) {
    requests.add(requestCount);
    bytes.add(byteCount);
  }

  void failed() {
    errors.increment();
  }

  public long connections() {
    return connections.sum();
  }

  public long requests() {
    return requests.sum();
  }

  /** Bytes echoed, headers included. */
  public long bytes() {
    return bytes.sum();
  }

  /** Connections that ended other than in good order. */
  public long errors() {
    return errors.sum();
  }
}
