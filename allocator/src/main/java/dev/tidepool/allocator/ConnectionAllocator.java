package dev.tidepool.allocator;

import dev.tidepool.allocator.jfr.FlightEvents;
import dev.tidepool.allocator.memory.ArenaByteBuf;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.concurrent.EventExecutor;
import java.util.function.LongSupplier;

/** The layer of a {@link ConnectionArena} that hands out buffers, within its budget. */
abstract class ConnectionAllocator extends ArenaAllocations {
  ConnectionAllocator(ArenaByteBufAllocator shared, EventExecutor executor, Object connection) {
    super(shared, executor, connection);
  }

  // Allocation

  @Override
  final ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
    return watched(allocateDirect(initialCapacity, maxCapacity));
  }

  @Override
  final ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
    return watched(allocateHeap(initialCapacity, maxCapacity));
  }

  /**
   * Allocates a direct buffer to read from a socket into: of {@code wanted} bytes, or of fewer, but
   * at least {@code least}, if the current block, or the one leased for it, has no more. Such a
   * block is sized by {@code least} and by this request's earlier reads, not by what requests used.
   *
   * @param least bytes, such as recent reads brought; at least 1
   * @param wanted bytes; at least {@code least}
   * @throws IllegalArgumentException if either is out of range
   */
  ByteBuf readBuffer(int least, int wanted) {
    if (least < 1 || wanted < least) {
      throw new IllegalArgumentException(
          "least: %d, wanted: %d (expected: 1 <= least <= wanted)".formatted(least, wanted));
    }
    return watched(allocateToRead(least, wanted));
  }

  /**
   * Gives empty blocks back after a read that brought nothing, so that a connection that waits for
   * input, or has reached its end, holds none. The request stays open. Event loop only.
   */
  void nothingRead() {
    giveBackEmpty();
  }

  private static ByteBuf watched(ArenaByteBuf buffer) {
    return isSampledByNetty() ? ArenaByteBufAllocator.leakAware(buffer) : buffer;
  }

  /** Above SIMPLE, the default, at which the arena's own, exact detection replaces sampling. */
  private static boolean isSampledByNetty() {
    ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
    return level != ResourceLeakDetector.Level.SIMPLE
        && level != ResourceLeakDetector.Level.DISABLED;
  }

  @Override
  final CompositeByteBuf newComposite(boolean isDirect, int maxNumComponents) {
    CompositeByteBuf made = new CompositeByteBuf(this, isDirect, maxNumComponents);
    return isSampledByNetty() ? ArenaByteBufAllocator.leakAware(made) : made;
  }

  @Override
  public boolean isDirectBufferPooled() {
    return true;
  }

  /**
   * Gives empty blocks back now, and those in use when their last buffers die, for a connection
   * that waits. The request stays open. Event loop only.
   */
  final void giveBackWhenEmpty() {
    if (lentArenas() != null || extras().hasArenas()) {
      forEachArena(Room::giveBackWhenEmpty);
    }
  }

  /** Whether another thread has allocated from this arena. */
  final boolean hasLanes() {
    return extras().lanes != null;
  }

  // The end of a request

  /** Ends the request in every arena, and returns the bytes that it was handed out. */
  final long resetMemory() {
    FlightEvents.Reset event = FlightEvents.beginReset();
    return event == null ? resetArenas() : recorded(event, this::resetArenas);
  }

  /** Ends the last request likewise; from now on the shared allocator serves. */
  final long closeMemory() {
    FlightEvents.Reset event = FlightEvents.beginReset();
    return event == null ? closeArenas() : recorded(event, this::closeArenas);
  }

  private long recorded(FlightEvents.Reset event, LongSupplier end) {
    int request = request();
    long bytes = end.getAsLong();
    event.end(
        connection(),
        new FlightEvents.ResetFigures(
            request, bytes, heldBlocks(), heldBytes(), countStragglers(), isClosed()));
    return bytes;
  }

  private int countStragglers() {
    int[] count = new int[1];
    forEachStraggler(buffer -> count[0]++);
    return count[0];
  }

  // Recording

  /**
   * Records what happens in this arena from now on, buffer by buffer: for a picture of it, not for
   * production load. What is held then comes first, as {@code LEASE} and {@code ALLOCATE} at 0
   * nanoseconds. Meanwhile each allocation and release takes the slow path and makes garbage, but
   * buffers lie where they would without a recording. Children are not recorded. The recording ends
   * when it is closed, or with this arena.
   *
   * <p>Any thread; on another thread than the event loop it may return before the recording begins.
   *
   * @param capacity how many of the latest events are kept; 1 to 1,048,576
   * @return the recording, which reads what has happened
   * @throws IllegalArgumentException if {@code capacity} is out of range
   * @throws IllegalStateException if this arena is closed, or recorded already
   */
  public EventRecording recordEvents(int capacity) {
    return EventRecording.start(this, capacity);
  }

  // The budget

  /**
   * {@return whether this arena rose above its soft budget and has not fallen to half of it since,
   * or a read waits for room ({@link BudgetPolicy#PAUSE})} Any thread.
   */
  public boolean isUnderPressure() {
    ConnectionBudget budget = budget();
    return budget != null && budget.isUnderPressure();
  }

  /** Sets the one listener to this arena's budget; without a budget does nothing. */
  void budgetListener(BudgetListener listener) {
    ConnectionBudget budget = budget();
    if (budget != null) {
      budget.listener(listener);
    }
  }

  /**
   * Whether reads wait for memory, by {@link BudgetPolicy#PAUSE}. If so {@link #isUnderPressure()}
   * holds until there is room again. Called when there was no memory to read into.
   */
  boolean awaitRoom() {
    ConnectionBudget budget = budget();
    return budget != null && budget.awaitRoom();
  }

  /**
   * Allocates a direct buffer with memory of its own outside of every budget, for a read that can
   * neither be refused nor put off. Event loop only.
   */
  ByteBuf overflowBuffer(int capacity) {
    return watched(allocateOverflow(capacity));
  }

  // Figures

  /**
   * Keeps, from now on, the bytes of each of the 64 most recent requests, for {@link
   * ConnectionSnapshot#recentRequestBytes}. Takes some 600 bytes of heap and a few nanoseconds a
   * request, which connections pay only if they are watched. A second call does nothing. Any
   * thread.
   */
  public void watch() {
    ConnectionExtras own = ownExtras();
    if (own.recent == null) {
      own.makeRecent();
    }
  }
}
