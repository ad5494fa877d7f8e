package dev.tidepool.allocator;

import dev.tidepool.allocator.budget.Budget;
import dev.tidepool.allocator.budget.BudgetFigures;
import dev.tidepool.allocator.jfr.FlightEvents;
import java.time.Duration;
import java.util.Optional;

/**
 * The refusal of an allocation that would exceed a connection's hard budget or the global one; the
 * allocation did not happen. Or, where {@link #isHeaviest()}, the reason why the connection that
 * holds most is closed when the global budget runs short.
 *
 * <p><b>What a peer may read.</b> HTTP/2 and gRPC send an exception's message to the peer, as a
 * GOAWAY frame's debug data. So {@link #getMessage()} and {@link #toString()} say only that a
 * memory limit was reached: no address, no figure, no option. {@link #report()} says the rest, and
 * belongs into a log.
 */
public final class ArenaBudgetExceededException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private static final String MESSAGE = "a memory limit was reached";

  private final transient Object connection;

  /** As {@link #report()} says. */
  private final String report;

  /** As {@link #budget()} says. */
  private final long budget;

  /** As {@link #held()} says. */
  private final long held;

  /** As {@link #asked()} says. */
  private final long asked;

  /** As {@link #isHeaviest()} says. */
  private final boolean heaviest;

  /** As {@link #liveBuffers()} says. */
  private final int liveBuffers;

  /** As {@link #oldestRequest()} says. */
  private final int oldestRequest;

  /** As {@link #oldestBytes()} says. */
  private final int oldestBytes;

  /** As {@link #oldestAge()} says. */
  private final long oldestAgeNanos;

  private ArenaBudgetExceededException(
      String report,
      Object connection,
      Budget.Shortage shortage,
      long asked,
      boolean heaviest,
      LiveBuffers live) {
    super(MESSAGE);
    this.report = report;
    this.connection = connection;
    this.budget = shortage.limit();
    this.held = shortage.held();
    this.asked = asked;
    this.heaviest = heaviest;
    this.liveBuffers = live.count();
    this.oldestRequest = live.oldestRequest();
    this.oldestBytes = live.oldestBytes();
    this.oldestAgeNanos = live.oldestAgeNanos();
  }

  static ArenaBudgetExceededException refused(
      Object connection, Budget.Shortage shortage, long asked, LiveBuffers live) {
    String report =
        "budget of %s exceeded: %s: %d bytes, held: %d, asked for: %d (expected: held + asked <= %s); %s"
            .formatted(
                connection,
                shortage.option(),
                shortage.limit(),
                shortage.held(),
                asked,
                shortage.option(),
                live);
    return new ArenaBudgetExceededException(report, connection, shortage, asked, false, live);
  }

  /** Tells Flight Recorder of this refusal, where it is thrown. */
  ArenaBudgetExceededException recorded() {
    FlightEvents.refused(connection, asked, held, budget);
    return this;
  }

  static ArenaBudgetExceededException heaviest(
      Object connection, long bytes, BudgetFigures global) {
    Budget.Shortage shortage = Budget.Shortage.of("globalBudget", global);
    String report =
        "%s holds most of all connections, %d bytes, and is closed for the others: globalBudget: %d bytes, held: %d"
            .formatted(connection, bytes, shortage.limit(), shortage.held());
    return new ArenaBudgetExceededException(
        report, connection, shortage, 0, true, LiveBuffers.unknown());
  }

  /**
   * {@return all that is known, in one line: the connection with its addresses, the budget without
   * room, the bytes held and asked for, and the living buffers} For logs, never for a peer.
   */
  public String report() {
    return report;
  }

  /**
   * {@return what the arena was opened for, such as the channel; the allocator if it was no
   * connection}
   */
  public Object connection() {
    return connection;
  }

  /**
   * {@return the budget that was too small, in bytes: the connection's hard one, or the global one}
   */
  public long budget() {
    return budget;
  }

  /** {@return bytes of blocks that counted against {@link #budget()} then} */
  public long held() {
    return held;
  }

  /** {@return bytes of the block that was asked for; 0 if {@link #isHeaviest()}} */
  public long asked() {
    return asked;
  }

  /**
   * {@return whether no allocation failed, and the connection is closed because it holds the most}
   */
  public boolean isHeaviest() {
    return heaviest;
  }

  /**
   * {@return the number of the connection's living buffers, its children's included; -1 if not
   * known} Only the owner of a block can count its buffers, and another thread may have allocated.
   */
  public int liveBuffers() {
    return liveBuffers;
  }

  /**
   * {@return the number of the request that allocated the oldest buffer known; -1 if none is known}
   */
  public int oldestRequest() {
    return oldestRequest;
  }

  /** {@return bytes of the oldest buffer known; -1 if none is known} */
  public int oldestBytes() {
    return oldestBytes;
  }

  /**
   * {@return the time since the oldest buffer's request ended, zero if it is open; empty if not
   * known}
   */
  public Optional<Duration> oldestAge() {
    return oldestAgeNanos < 0 ? Optional.empty() : Optional.of(Duration.ofNanos(oldestAgeNanos));
  }
}
