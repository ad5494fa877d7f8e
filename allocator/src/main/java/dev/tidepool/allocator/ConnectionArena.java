package dev.tidepool.allocator;

import dev.tidepool.allocator.threads.LoopTasks;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
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
public final class ConnectionArena extends ConnectionAllocator implements AutoCloseable {
  // Event loop only.
  private @Nullable Runnable unheld;
  private boolean ended;

  ConnectionArena(
      ArenaByteBufAllocator shared,
      EventExecutor executor,
      Object connection,
      @Nullable ConnectionArena parent) {
    super(shared, executor, connection);
    begin(parent, ConnectionBudget.of(this, shared, parent));
  }

  /** One that takes the place of {@code left}, whose open request and budget go on here. */
  private ConnectionArena(ConnectionArena left, EventExecutor executor) {
    super(left.shared(), executor, left.connection());
    begin(left.parent(), left.budget());
    ownExtras().scope = left.scope();
  }

  // The end of a request

  /**
   * The end of a request: memory with nothing alive in it is free for the next, and what is alive
   * stays valid. Costs O(blocks held), however many buffers there were. Called again from within an
   * {@code onReset} callback it does nothing.
   */
  public void reset() {
    if (executor().inEventLoop()) {
      resetHere(); // without a task, which would be garbage
    } else {
      LoopTasks.run(executor(), this::resetHere);
    }
  }

  private void resetHere() {
    RequestScope current = extras().scope;
    if (current != null && current.owner() != this) {
      current.owner().reset(); // the connection moved, and its request with it
    } else if (!isClosed() && (current == null || !current.isRunning())) {
      runOnReset(current);
      endRequest();
    }
  }

  /** Unless a callback closed this arena. */
  private void endRequest() {
    if (!isClosed()) {
      countReset(resetMemory());
    }
  }

  /** Only the owner of the scope ends its requests: an arena left behind by a move does not. */
  private void runOnReset(@Nullable RequestScope current) {
    if (current != null && current.owner() == this) {
      current.runCallbacks();
    }
  }

  /**
   * Runs {@code callback} once, on the event loop, at the next {@link #reset()} or {@link
   * #close()}, the last registered first; one that is registered by another waits for the reset
   * after. One that throws is logged and does not stop the others.
   *
   * <p>Any thread. Another thread's callback is handed to the event loop, so that it is registered
   * before whatever that thread writes afterwards; if the arena was closed meanwhile it runs at
   * once, there.
   *
   * @throws IllegalStateException if this arena is closed
   */
  public void onReset(Runnable callback) {
    Objects.requireNonNull(callback, "callback");
    requireOpen("onReset");
    scope().onReset(callback);
  }

  /**
   * Keeps the current request open until the hold is closed: for a handler that answers later, from
   * another thread, where no codec says when the answer is complete. No {@code RequestBoundary}
   * resets the arena meanwhile; a direct {@link #reset()} does, and so does {@link #close()}.
   *
   * <p>Any thread may take a hold and close it, several may be open at once, and closing one twice
   * is harmless. A hold that is still open {@code leakGrace} after the close of this arena is
   * reported like a leak. On a closed arena there is nothing to hold, and nothing happens.
   */
  public RequestHold hold() {
    return scope().hold(request(), shared().options().get(Options.RECORDING) != Recording.OFF);
  }

  /** Whether a {@link #hold()} is open. Any thread. */
  boolean isHeld() {
    RequestScope current = extras().scope;
    return current != null && current.isHeld();
  }

  /**
   * Has {@code listener} run on the event loop when the last hold was closed. One listener; another
   * replaces it. {@code ArenaLifecycleHandler} sets one. Event loop only.
   */
  void unheldListener(Runnable listener) {
    unheld = listener;
  }

  /** The last open hold was closed. */
  void unheld() {
    Runnable listener = unheld;
    if (listener != null && !isClosed()) {
      listener.run();
    }
  }

  List<RequestHold> openHolds() {
    RequestScope current = extras().scope;
    return current == null || current.owner() != this ? List.of() : current.openHolds();
  }

  private RequestScope scope() {
    RequestScope existing = extras().scope;
    return existing != null ? existing : makeScope();
  }

  private synchronized RequestScope makeScope() {
    ConnectionExtras own = ownExtras();
    RequestScope existing = own.scope;
    if (existing == null) {
      existing = new RequestScope(this);
      own.scope = existing;
    }
    return existing;
  }

  // The end of the connection

  /**
   * The connection has ended: a last reset, after which the shared allocator serves what is still
   * asked for. Closes the children too. Nothing alive is ever reclaimed: it stays valid until it is
   * released; but what is alive {@code leakGrace} later is reported as a leak.
   */
  @Override
  public void close() {
    LoopTasks.run(executor(), this::closeHere);
  }

  private void closeHere() {
    if (ended) {
      return;
    }
    ended = true;
    retireHere(ConnectionArena::closeHere);
    ConnectionArena parent = parent();
    if (parent != null) {
      parent.extras().remove(this);
    }
    if (heldBlocks() > 0 || !openHolds().isEmpty()) {
      LeakWatch.watch(this);
    }
  }

  /**
   * Closes this arena and its children in all but their leaks, since their connection goes on and
   * may still release what is alive: that is no leak before {@code leakGrace} after a {@link
   * #close()}, which is still to be called when the connection ends.
   */
  void retire() {
    LoopTasks.run(executor(), () -> retireHere(ConnectionArena::retire));
  }

  /**
   * The arena of the same connection on another event loop, which this one's open request moves to,
   * with its callbacks, holds and budget; this one {@linkplain #retire() retires}. On the same
   * event loop, this one. Called when the connection has left its old event loop and nothing there
   * uses the arena any more.
   *
   * @param executor the connection's new event loop
   * @throws IllegalStateException if this arena is closed
   */
  ConnectionArena moveTo(EventExecutor executor) {
    requireOpen("moveTo");
    if (executor == executor()) {
      return this;
    }
    ConnectionArena successor = new ConnectionArena(this, executor);
    scope().moveTo(successor);
    ConnectionBudget budget = budget();
    if (budget != null) {
      budget.moveTo(successor);
    }
    retire();
    return shared().open(successor);
  }

  private void retireHere(Consumer<ConnectionArena> endOfChild) {
    boolean closesNow = !isClosed();
    long bytes = closesNow ? closeMemory() : 0; // first: what the callbacks do finds it closed
    extras().forEachChild(endOfChild);
    if (closesNow) {
      runOnReset(extras().scope);
      countReset(bytes);
      shared().closed(this);
    }
  }

  // Its place among the connections

  /** Somebody waits for room: gives back what is held for nothing. Event loop only. */
  @Override
  void makeRoom() {
    super.makeRoom();
    extras().forEachChild(ConnectionArena::makeRoom);
  }

  /** The heaviest connection is asked to close. */
  void requestClose(ArenaBudgetExceededException reason) {
    ConnectionBudget budget = budget();
    if (budget != null) {
      budget.tell(listener -> listener.closeRequested(reason));
    }
  }

  private @Nullable ConnectionArena parent() {
    return extras().parent;
  }

  boolean isRoot() {
    return parent() == null;
  }

  /** What is alive in the whole connection, as far as the calling thread may look. */
  LiveBuffers liveBuffers() {
    ConnectionArena parent = parent();
    return parent != null ? parent.liveBuffers() : countLiving(new LiveBuffers());
  }

  private LiveBuffers countLiving(LiveBuffers into) {
    countLivingHere(into);
    if (executor().inEventLoop()) {
      extras().forEachChild(child -> child.countLiving(into));
    } else {
      into.markIncomplete(); // who the children are is the event loop's
    }
    return into;
  }

  // Children, survivors

  /**
   * An arena for a part of this connection with requests of its own, such as an HTTP/2 stream. It
   * counts against this one's budget and closes with it. Any thread.
   *
   * @throws IllegalStateException if this arena is closed
   */
  public ConnectionArena newChild() {
    requireOpen("newChild");
    ConnectionArena child = new ConnectionArena(shared(), executor(), connection(), this);
    shared().open(child);
    LoopTasks.run(executor(), () -> adopt(child));
    return child;
  }

  /** Another thread's child may come after the close: then it closes too. */
  private void adopt(ConnectionArena child) {
    if (ended) {
      child.closeHere();
      return;
    }
    if (isClosed()) {
      child.retire(); // as this one did, whose connection goes on
    }
    ownExtras().add(child);
  }

  /**
   * Moves a survivor's bytes out of the arena: a copy from the shared allocator, of the same kind
   * of memory, capacity, byte order and indices (but for marked ones), takes its place. One
   * reference to {@code buffer} is released: if that was the last, it no longer holds a block. A
   * slice's copy is of the slice alone. Any thread; if this fails, nothing was released.
   */
  public ByteBuf copyOut(ByteBuf buffer) {
    return CopyOut.to(shared(), buffer);
  }

  private void requireOpen(String call) {
    if (isClosed()) {
      throw new IllegalStateException(
          call + ": arena of a connection, closed: true (expected: open)");
    }
  }

  // What is there

  /** What this arena holds and did; a live view. */
  public ConnectionArenaMetric metric() {
    return new ConnectionMetrics(this);
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
    if (!executor().inEventLoop() && !executor().isTerminated()) {
      throw new IllegalStateException(
          "survivors: arena of a connection, thread: %s (expected: its event loop)"
              .formatted(Thread.currentThread().getName()));
    }
    return Survivor.oldest(this, n);
  }

  /**
   * This arena for people: its figures, every straggler with its story, the oldest first, and every
   * open hold. Event loop only.
   */
  public String dump() {
    return ArenaDump.of(this);
  }

  @Override
  public String toString() {
    return "ConnectionArena(%s, %s, %s)"
        .formatted(connection(), isClosed() ? "closed" : "open", metric());
  }
}
