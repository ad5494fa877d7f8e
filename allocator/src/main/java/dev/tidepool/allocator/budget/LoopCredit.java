package dev.tidepool.allocator.budget;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Room in the global budget that one event loop has for itself: what its blocks gave back, and the
 * next ones take, in a cache line that no other loop writes to.
 *
 * <pre>
 *   closed, or ended, or 0 &lt;= unused &lt;= most
 * </pre>
 *
 * <p>Charged and uncharged by the owner of the loop's pool. Opened, emptied and closed by its
 * {@link CreditedAccount}, from any thread: so each change is atomic, and one that finds the credit
 * closed has not been.
 */
public final class LoopCredit {
  /** What a lane has: never open. */
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

  /** Takes {@code bytes} of it. False, and nothing changed, if it has not so many or is closed. */
  boolean chargeAtomic(int bytes) {
    long unused = padded.get(PADDING);
    return unused >= bytes && padded.compareAndSet(PADDING, unused, unused - bytes);
  }

  /** Keeps {@code bytes} that are not charged any more. False if that is too much, or closed. */
  boolean unchargeAtomic(int bytes) {
    long unused = padded.get(PADDING);
    return unused >= 0
        && unused <= most - bytes
        && padded.compareAndSet(PADDING, unused, unused + bytes);
  }

  /** The loop is idle, perhaps for long: others need not come for what it has. */
  public void giveBack() {
    account.giveBack(this);
  }

  /** The loop ended. */
  public void end() {
    account.end(this);
  }

  // The account, under its lock

  void open() {
    padded.compareAndSet(PADDING, CLOSED, 0);
  }

  /** What was unused, which is the account's from now on. */
  long closeAtomic() {
    return Math.max(0, padded.getAndUpdate(PADDING, unused -> Math.min(unused, CLOSED)));
  }

  /** The same for good: who still refers to it charges the account. */
  long endAtomic() {
    return Math.max(0, padded.getAndSet(PADDING, ENDED));
  }

  /** The same, but open it stays. */
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
