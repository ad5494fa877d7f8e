package dev.tidepool.echo.load;

import io.netty.channel.EventLoop;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The schedule of an event loop's connections, which have their turns one after the other at a
 * constant rate. It does not slip: each turn's time follows from its number alone. Event loop only,
 * but for the making.
 *
 * <pre>
 *   turns below next have come; turn t is that of connection t modulo their number
 * </pre>
 */
final class Pacer {
  private final EventLoop loop;
  private final List<VirtualUser> users;
  private final double intervalNanos;
  private final double phaseNanos;
  private final Measurement measurement;
  private long startNanos;
  private long next;

  /**
   * @param intervalNanos from one turn to the next
   * @param phaseNanos from the start to the first turn
   */
  Pacer(
      EventLoop loop,
      List<VirtualUser> users,
      double intervalNanos,
      double phaseNanos,
      Measurement measurement) {
    this.loop = loop;
    this.users = users;
    this.intervalNanos = intervalNanos;
    this.phaseNanos = phaseNanos;
    this.measurement = measurement;
  }

  /** Starts the schedule. */
  void start(long nanoTime) {
    startNanos = nanoTime;
    tick();
  }

  private void tick() {
    if (measurement.stopping() || users.isEmpty()) {
      return;
    }
    long first = next;
    long now = System.nanoTime();
    next = Math.max(next, 1 + (long) Math.floor((now - startNanos - phaseNanos) / intervalNanos));
    long last = Math.min(next, first + users.size());
    for (long turn = first; turn < last; turn++) {
      users.get(index(turn)).proceed();
    }
    long wait = intended(next) - System.nanoTime();
    loop.schedule(this::tick, Math.max(0, wait), TimeUnit.NANOSECONDS);
  }

  private int index(long turn) {
    return (int) (turn % users.size());
  }

  /** Whether a turn has come. */
  boolean hasCome(long turn) {
    return turn < next;
  }

  /** The time of a turn. */
  long intended(long turn) {
    return startNanos + (long) (phaseNanos + turn * intervalNanos);
  }

  /** The first turn of this connection that is still to come. */
  long nextTurnOf(int index) {
    long turn = next - next % users.size() + index;
    return turn < next ? turn + users.size() : turn;
  }

  /** From one turn of a connection to its next. */
  int turnsApart() {
    return users.size();
  }
}
