package dev.tidepool.allocator.budget;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The room in the global budget that one event loop has for itself: its blocks gave it back, and
 * its next ones take it, in a cache line that no other loop writes to.
 *
 * <pre>
 *   closed, or ended, or 0 &lt;= unused &lt;= most
 * </pre>
 *
 * <p>The owner of the loop's pool charges and uncharges it. Its {@link CreditedAccount} opens,
 * empties and closes it, from any thread. So each change is atomic, and a change that finds the
 * credit closed does nothing.
 */
public final class LoopCredit {
  /** The credit of a lane: never open. */
  public static final LoopCredit NONE = new LoopCredit(CreditedAccount.withoutCredit(0), 0);

  private static final long CLOSED = -1;
  private static final long ENDED = -2;

  /** With as much before and after it, no other object's field shares the two lines fetched. */
  private static final int PADDING = 16;

  private final CreditedAccount account;
  private final long most;
  private final AtomicLongArray padded = new AtomicLongArray(2 * PADDING);

  LoopCredit(CreditedAccount account, long most) {
    this.account = account;
    this.most = most;
    padded.setPlain(PADDING, CLOSED);
  }

  // The fast path: the owner of the loop's pool

  /** Takes {@code bytes} of it. False, and nothing changed, if it has fewer or is closed. */
  boolean chargeAtomic(int bytes) {
    long unused = padded.get(PADDING);
    return unused >= bytes && padded.compareAndSet(PADDING, unused, unused - bytes);
  }

  /** Keeps {@code bytes} no longer charged. False, and nothing changed, if too much or closed. */
  boolean unchargeAtomic(int bytes) {
    long unused = padded.get(PADDING);
    return unused >= 0
        && unused <= most - bytes
        && padded.compareAndSet(PADDING, unused, unused + bytes);
  }

  /** Returns what is unused, as the loop is idle: other loops need not take it back. */
  public void giveBack() {
    account.giveBack(this);
  }

  /** Ends the credit with its loop. */
  public void end() {
    account.end(this);
  }

  // The account, under its lock

  void open() {
    padded.compareAndSet(PADDING, CLOSED, 0);
  }

  /** Closes it, and returns what was unused, for the account. */
  long closeAtomic() {
    return Math.max(0, padded.getAndUpdate(PADDING, unused -> Math.min(unused, CLOSED)));
  }

  /** Closes it for good: loops that still refer to it charge the account. */
  long endAtomic() {
    return Math.max(0, padded.getAndSet(PADDING, ENDED));
  }

  /** Takes what was unused, and leaves it open. */
  long emptyAtomic() {
    return Math.max(0, padded.getAndUpdate(PADDING, unused -> Math.min(unused, 0)));
  }

  // Figures

  /** Whether it is closed, and may be opened. */
  boolean awaitsOpening() {
    return most > 0 && padded.get(PADDING) == CLOSED;
  }

  long unused() {
    return Math.max(0, padded.get(PADDING));
  }

  long most() {
    return most;
  }

  @Override
  public String toString() {
    return awaitsOpening() ? "closed" : "unused: %d of %d".formatted(unused(), most);
  }
}
