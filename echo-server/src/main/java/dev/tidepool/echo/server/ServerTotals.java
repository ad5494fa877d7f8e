package dev.tidepool.echo.server;

import java.util.concurrent.atomic.LongAdder;

/** The running totals of a server, counted on all event loops. */
public final class ServerTotals {
  private final LongAdder connections = new LongAdder();
  private final LongAdder requests = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder errors = new LongAdder();

  void connected() {
    connections.increment();
  }

  /** One request was answered with so many bytes. */
  void answered(long byteCount) {
    requests.increment();
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

  /** Bytes of answers, headers included. */
  public long bytes() {
    return bytes.sum();
  }

  /** Connections that ended with a fault. */
  public long errors() {
    return errors.sum();
  }
}
