package dev.tidepool.allocator;

import dev.tidepool.allocator.memory.ArenaByteBuf;
import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The allocator of one connection, or of one stream of it: an arena that the end of each request
 * resets.
 *
 * <p><b>Threads.</b> The fast path is the connection's event loop. Any other thread may allocate
 * too, and is served under a lock. Buffers may be used and released by any thread. {@link #reset()}
 * and {@link #close()} called elsewhere are handed to the event loop.
 *
 * <p><b>Leaks.</b> What is alive {@code leakGrace} after the close is reported once, each buffer by
 * itself. Netty's own leak detection wraps this arena's buffers from level {@code ADVANCED} up; at
 * {@code SIMPLE}, the default, nothing is sampled, because nothing needs to be guessed.
 */
public final class ConnectionArena extends AbstractByteBufAllocator implements AutoCloseable {
  private static final InternalLogger logger =
      InternalLoggerFactory.getInstance(ConnectionArena.class);

  private final ArenaByteBufAllocator shared;
  private final EventExecutor executor;
  private final Object connection;
  private final @Nullable ConnectionArena parent;
  private final @Nullable ConnectionBudget budget;
  private final ConnectionMemory memory;
  private final ConnectionFigures figures;

  // Event loop only.
  private @Nullable ResetCallbacks onReset;
  private @Nullable Set<ConnectionArena> children;
  private boolean resetting;

  ConnectionArena(
      ArenaByteBufAllocator shared,
      EventExecutor executor,
      Object connection,
      @Nullable ConnectionArena parent) {
    super(shared.options().preferDirect());
    this.shared = shared;
    this.executor = executor;
    this.connection = connection;
    this.parent = parent;
    this.budget =
        shared.options().hasBudget()
            ? new ConnectionBudget(this, shared, parent == null ? null : parent.budget)
            : null;
    this.memory = ConnectionMemory.of(this, shared, executor, budget);
    this.figures = new ConnectionFigures(memory, budget);
  }

  // Allocation

  @Override
  protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
    return watched(memory.allocateDirect(initialCapacity, maxCapacity));
  }

  @Override
  protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
    return watched(memory.allocateHeap(initialCapacity, maxCapacity));
  }

  /**
   * A direct buffer to read from a socket into, before anybody knows how much has arrived: of
   * {@code wanted} bytes; or of fewer, but {@code least}, if that saves leasing a larger block than
   * this connection's requests lately needed.
   *
   * @param least bytes; at least 1
   * @param wanted bytes; no fewer than {@code least}
   * @throws IllegalArgumentException if they are out of range
   */
  public ByteBuf readBuffer(int least, int wanted) {
    if (least < 1 || wanted < least) {
      throw new IllegalArgumentException(
          "least: %d, wanted: %d (expected: 1 <= least <= wanted)".formatted(least, wanted));
    }
    return directBuffer(memory.roomToRead(least, wanted));
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

  // The end of a request

  /**
   * The end of a request: memory with nothing alive in it is free for the next, and what is alive
   * stays valid. Costs O(blocks held), however many buffers there were. Called again from within an
   * {@code onReset} callback it does nothing.
   */
  public void reset() {
    if (executor.inEventLoop()) {
      resetHere(); // without a task, which would be garbage
    } else {
      onEventLoop(this::resetHere);
    }
  }

  private void resetHere() {
    if (memory.isClosed() || resetting) {
      return;
    }
    runOnReset();
    if (!memory.isClosed()) { // by a callback
      figures.endRequest(memory.reset());
    }
  }

  /**
   * At once if this is the event loop, else by a task there; or, if that ended, by the thread that
   * learns when it has cleaned up: then its pool is closed, and the lock guards what is left.
   */
  void onEventLoop(Runnable task) {
    if (executor.inEventLoop()) {
      task.run();
      return;
    }
    try {
      executor.execute(task);
    } catch (RejectedExecutionException e) {
      var unused = executor.terminationFuture().addListener(ended -> task.run());
    }
  }

  /**
   * Runs {@code callback} once, at the next {@link #reset()} or {@link #close()}, the last
   * registered first; one that is registered by another waits for the reset after. One that throws
   * is logged and does not stop the others. Event loop only.
   *
   * @throws IllegalStateException if this arena is closed or the caller is not on its event loop
   */
  public void onReset(Runnable callback) {
    requireOpenOnLoop("onReset");
    if (onReset == null) {
      onReset = new ResetCallbacks(connection);
    }
    onReset.push(callback);
  }

  private void runOnReset() {
    ResetCallbacks callbacks = onReset;
    if (callbacks != null) {
      onReset = null;
      resetting = true;
      callbacks.run();
      resetting = false;
    }
  }

  // The end of the connection

  /**
   * A last reset, after which the shared allocator serves what is still asked for. Closes the
   * children too. Nothing alive is ever reclaimed: it stays valid until it is released.
   */
  @Override
  public void close() {
    onEventLoop(this::closeHere);
  }

  private void closeHere() {
    if (memory.isClosed()) {
      return;
    }
    long bytes = memory.close(); // first of all: whatever the callbacks do finds it closed
    if (children != null) {
      new ArrayList<>(children).forEach(ConnectionArena::closeHere);
    }
    runOnReset();
    figures.endRequest(bytes);
    if (parent != null && parent.children != null) {
      parent.children.remove(this);
    }
    shared.closed(this);
    if (memory.heldBlocks() > 0) {
      LeakWatch.watch(this);
    }
  }

  // The budget

  /**
   * Whether this arena rose above its soft budget and has not fallen to half of it since, or {@link
   * #awaitRoom awaits room}. Any thread.
   */
  public boolean isUnderPressure() {
    return budget != null && budget.isUnderPressure();
  }

  /**
   * Has {@code listener} told of this arena's budget. One listener; another replaces it. {@code
   * ArenaLifecycleHandler} sets one.
   */
  public void budgetListener(BudgetListener listener) {
    if (budget != null) {
      budget.listener(listener);
    }
  }

  /**
   * To be called when there was no memory to read into: whether reads wait for it, by {@link
   * BudgetPolicy#PAUSE}. If so {@link #isUnderPressure()} until there is room again.
   */
  public boolean awaitRoom() {
    return budget != null && budget.awaitRoom();
  }

  /**
   * A direct buffer outside of every budget, with memory of its own: for a read that can neither be
   * refused any more nor put off. Event loop only.
   */
  public ByteBuf overflowBuffer(int capacity) {
    return watched(memory.allocateOverflow(capacity));
  }

  /** The heaviest connection is asked to close. */
  void requestClose(ArenaBudgetExceededException reason) {
    if (budget != null) {
      budget.tell(listener -> listener.closeRequested(reason));
    }
  }

  @Nullable ConnectionBudget budget() {
    return budget;
  }

  boolean isRoot() {
    return parent == null;
  }

  /** What is alive in the whole connection, as far as the calling thread may look. */
  LiveBuffers liveBuffers() {
    return parent != null ? parent.liveBuffers() : countLiving(new LiveBuffers());
  }

  private LiveBuffers countLiving(LiveBuffers into) {
    memory.countLiving(into);
    if (!executor.inEventLoop()) {
      into.somebodyElses(); // who the children are is the event loop's
    } else if (children != null) {
      children.forEach(child -> child.countLiving(into));
    }
    return into;
  }

  /** Runs {@code task} on the event loop, unless that ends. */
  void executeLater(Runnable task) {
    try {
      executor.execute(task);
    } catch (RejectedExecutionException e) {
      logger.debug("{}: not told, as its event loop ends: {}", connection, task);
    }
  }

  // Children, survivors

  /**
   * An arena for a part of this connection with requests of its own, such as an HTTP/2 stream. It
   * counts against this one's budget and closes with it. Event loop only.
   *
   * @throws IllegalStateException if this arena is closed or the caller is not on its event loop
   */
  public ConnectionArena newChild() {
    requireOpenOnLoop("newChild");
    ConnectionArena child = shared.open(new ConnectionArena(shared, executor, connection, this));
    if (children == null) {
      children = new LinkedHashSet<>();
    }
    children.add(child);
    return child;
  }

  /**
   * Moves a survivor's bytes out of the arena: a copy from the shared allocator, of the same kind
   * of memory, capacity, byte order and indices (but for marked ones), takes its place. One
   * reference to {@code buffer} is released: if that was the last, it no longer holds a block. A
   * slice's copy is of the slice alone. Any thread; if this fails, nothing was released.
   */
  public ByteBuf copyOut(ByteBuf buffer) {
    return CopyOut.to(shared, buffer);
  }

  private void requireOpenOnLoop(String call) {
    if (memory.isClosed() || !executor.inEventLoop()) {
      throw new IllegalStateException(
          "%s: arena of %s, closed: %s, thread: %s (expected: open, and on its event loop)"
              .formatted(call, connection, memory.isClosed(), Thread.currentThread().getName()));
    }
  }

  // What is there

  /** What this arena holds and did; a live view. */
  public ConnectionArenaMetric metric() {
    return figures;
  }

  /**
   * The buffers of this arena, its children's not among them, that outlived their requests: those
   * of the oldest requests first. With {@link Recording} they tell where they come from. A copy, as
   * of now; nothing is retained. Also after the close, but on the event loop only: elsewhere have
   * it called there, as in {@code channel.eventLoop().submit(() -> arena.survivors(10))}.
   *
   * @param n how many at most; at least 0
   * @throws IllegalStateException if the caller is not on the event loop, and that has not ended
   */
  public List<Survivor> survivors(int n) {
    if (n < 0) {
      throw new IllegalArgumentException("n: " + n + " (expected: >= 0)");
    }
    if (!executor.inEventLoop() && !executor.isTerminated()) {
      throw new IllegalStateException(
          "survivors: arena of %s, thread: %s (expected: its event loop)"
              .formatted(connection, Thread.currentThread().getName()));
    }
    return memory.survivors(n);
  }

  /**
   * This arena for people: its figures, and every straggler with its story, the oldest first. Event
   * loop only.
   */
  public String dump() {
    StringBuilder text = new StringBuilder(toString());
    for (Survivor survivor : memory.survivors(Long.MAX_VALUE)) {
      text.append("%n  straggler of ".formatted()).append(survivor);
    }
    return text.toString();
  }

  /** The connection that this arena was opened for, as reports name it. */
  Object connection() {
    return connection;
  }

  ConnectionMemory memory() {
    return memory;
  }

  ArenaByteBufAllocator shared() {
    return shared;
  }

  @Override
  public String toString() {
    return "ConnectionArena(%s, %s, %s)"
        .formatted(connection, memory.isClosed() ? "closed" : "open", figures);
  }
}
