package dev.tidepool.allocator;

import dev.tidepool.allocator.memory.ArenaByteBuf;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.concurrent.EventExecutor;

/** The layer of a {@link ConnectionArena} that allocates, within its budget. */
abstract class ConnectionAllocator extends ArenaRouter {
  ConnectionAllocator(ArenaByteBufAllocator shared, EventExecutor executor, Object connection) {
    super(shared, executor, connection);
  }

  // Allocation

  @Override
  protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
    return watched(allocateDirect(initialCapacity, maxCapacity));
  }

  @Override
  protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
    return watched(allocateHeap(initialCapacity, maxCapacity));
  }

  /**
   * A direct buffer to read from a socket into, before it is known how much has arrived: of {@code
   * wanted} bytes; or of fewer, but {@code least}, if the block at hand has no more, or the one
   * that has to be leased. Such a block is sized by {@code least} and by the reads of this request
   * before, and not by what requests used.
   *
   * @param least bytes, such as reads lately brought; at least 1
   * @param wanted bytes; no fewer than {@code least}
   * @throws IllegalArgumentException if they are out of range
   */
  ByteBuf readBuffer(int least, int wanted) {
    if (least < 1 || wanted < least) {
      throw new IllegalArgumentException(
          "least: %d, wanted: %d (expected: 1 <= least <= wanted)".formatted(least, wanted));
    }
    return watched(allocateToRead(least, wanted));
  }

  /**
   * To be called when a read brought nothing: gives back the blocks that nothing alive is in, so
   * that a connection that waits for more, or has come to its end, holds none. The request goes on.
   * Event loop only.
   */
  void nothingRead() {
    giveBackEmpty();
  }

  private static ByteBuf watched(ArenaByteBuf buffer) {
    return isSampledByNetty() ? ArenaByteBufAllocator.leakAware(buffer) : buffer;
  }

  /** Levels that somebody asked for. At the default an arena's own, exact detection replaces it. */
  private static boolean isSampledByNetty() {
    ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
    return level != ResourceLeakDetector.Level.SIMPLE
        && level != ResourceLeakDetector.Level.DISABLED;
  }

  @Override
  public CompositeByteBuf compositeHeapBuffer(int maxNumComponents) {
    return isSampledByNetty()
        ? super.compositeHeapBuffer(maxNumComponents)
        : new CompositeByteBuf(this, false, maxNumComponents);
  }

  @Override
  public CompositeByteBuf compositeDirectBuffer(int maxNumComponents) {
    return isSampledByNetty()
        ? super.compositeDirectBuffer(maxNumComponents)
        : new CompositeByteBuf(this, true, maxNumComponents);
  }

  @Override
  public boolean isDirectBufferPooled() {
    return true;
  }

  // The budget

  /**
   * Whether this arena rose above its soft budget and has not fallen to half of it since, or {@link
   * #awaitRoom awaits room}. Any thread.
   */
  public boolean isUnderPressure() {
    ConnectionBudget budget = budget();
    return budget != null && budget.isUnderPressure();
  }

  /**
   * Has {@code listener} told of this arena's budget. One listener; another replaces it. {@code
   * ArenaLifecycleHandler} sets one.
   */
  void budgetListener(BudgetListener listener) {
    ConnectionBudget budget = budget();
    if (budget != null) {
      budget.listener(listener);
    }
  }

  /**
   * To be called when there was no memory to read into: whether reads wait for it, by {@link
   * BudgetPolicy#PAUSE}. If so {@link #isUnderPressure()} until there is room again.
   */
  boolean awaitRoom() {
    ConnectionBudget budget = budget();
    return budget != null && budget.awaitRoom();
  }

  /**
   * A direct buffer outside of every budget, with memory of its own: for a read that can neither be
   * refused any more nor put off. Event loop only.
   */
  ByteBuf overflowBuffer(int capacity) {
    return watched(allocateOverflow(capacity));
  }
}
