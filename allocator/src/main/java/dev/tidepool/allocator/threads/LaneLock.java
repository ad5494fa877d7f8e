package dev.tidepool.allocator.threads;

import java.util.concurrent.locks.ReentrantLock;

/**
 * The lock of a lane. Its holder may be out of memory and wait for event loops, and one of them for
 * this lock: so a thread that waits here serves requests meanwhile, see {@link
 * LoopRequests#lockServing}.
 */
@SuppressWarnings("serial") // the superclass is; no lane is ever serialized
final class LaneLock extends ReentrantLock {
  private final transient LoopRequests requests;

  LaneLock(LoopRequests requests) {
    this.requests = requests;
  }

  @Override
  public void lock() {
    requests.lockServing(this);
  }
}
