package dev.tidepool.allocator;

import dev.tidepool.allocator.budget.Budget;
import dev.tidepool.allocator.budget.BudgetFigures;
import java.time.Duration;
import java.util.Optional;

/**
 * A connection would hold more memory than its hard budget allows, or all connections together more
 * than the global one; the allocation did not happen. Or it {@link #isHeaviest() is the heaviest}
 * when the global budget comes to its end, and is closed for the others' sake.
 *
 * <p><b>What a peer may read.</b> HTTP/2 and gRPC send an exception's message to the peer, as a
 * GOAWAY frame's debug data. So {@link #getMessage()} and {@link #toString()} say that a memory
 * limit was reached, and nothing else: no address, no figure, no option. The whole story is {@link
 * #report()}, which belongs into a log.
 */
public final class ArenaBudgetExceededException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private static final String MESSAGE = "a memory limit was reached";

  private final transient Object connection;
  private final String report;
  private final long budget;
  private final long held;
  private final long asked;
  private final boolean heaviest;
  private final int liveBuffers;
  private final int oldestRequest;
  private final int oldestBytes;
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
   * The whole story in one line: the connection with its addresses, which budget had no room, what
   * was held and asked for, in bytes, and the living buffers. For logs, and for nothing that a peer
   * may read.
   */
  public String report() {
    return report;
  }

  /** The connection, as reports name it: the channel. */
  public Object connection() {
    return connection;
  }

  /** The budget that was too small, in bytes: the connection's hard one, or the global one. */
  public long budget() {
    return budget;
  }

  /** Bytes of the blocks that counted against {@link #budget()}. */
  public long held() {
    return held;
  }

  /** Bytes of the block that was asked for; 0 if {@link #isHeaviest()}. */
  public long asked() {
    return asked;
  }

  /** Whether nothing failed, but the connection has to go because it holds most of all. */
  public boolean isHeaviest() {
    return heaviest;
  }

  /**
   * The connection's living buffers, its children's included; -1 if not known: only the owner of a
   * block can count what is in it, and the allocation may have been another thread's.
   */
  public int liveBuffers() {
    return liveBuffers;
  }

  /** The number of the request that the oldest of the buffers known is from; -1 if none is. */
  public int oldestRequest() {
    return oldestRequest;
  }

  /** Bytes of the oldest buffer known; -1 if none is. */
  public int oldestBytes() {
    return oldestBytes;
  }

  /**
   * The time since the oldest buffer's request ended, zero if it goes on; empty if that is not
   * known.
   */
  public Optional<Duration> oldestAge() {
    return oldestAgeNanos < 0 ? Optional.empty() : Optional.of(Duration.ofNanos(oldestAgeNanos));
  }
}
