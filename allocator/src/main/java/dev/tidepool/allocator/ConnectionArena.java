package dev.tidepool.allocator;

import dev.tidepool.allocator.threads.LoopTasks;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.util.concurrent.EventExecutor;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The allocator of one connection, or of one of its streams: an arena that resets at the end of a
 * request.
 *
 * <p><b>Threads.</b> The connection's event loop allocates without a lock, any other thread under
 * one. Any thread may use and release buffers. {@link #reset()} and {@link #close()} on another
 * thread are handed to the event loop.
 *
 * <p><b>Leaks.</b> Each buffer alive {@code leakGrace} after the close is reported once. Netty's
 * own leak detection wraps this arena's buffers from level {@code ADVANCED} up. At {@code SIMPLE},
 * the default, it does not sample them, because the arena knows its living buffers.
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

  /** The successor of {@code left}, which takes over its open request and budget. */
  private ConnectionArena(ConnectionArena left, EventExecutor executor) {
    super(left.shared(), executor, left.connection());
    begin(left.parent(), left.budget());
    ownExtras().scope = left.scope();
  }

  // The end of a request

  /**
   * Ends the request: memory without living buffers is free for the next, and living buffers stay
   * valid. Costs O(blocks held), however many buffers there were. Does nothing within an {@code
   * onReset} callback, or after the close. Any thread; on another thread than the event loop it may
   * return before the reset.
   */
  public void reset() {
    if (executor().inEventLoop()) {
      resetHere(); // no task object, which would be garbage
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

  /** A callback may have closed this arena. */
  private void endRequest() {
    if (!isClosed()) {
      countReset(resetMemory());
    }
  }

  /** Only the scope's owner ends its requests, not an arena that the connection has left. */
  private void runOnReset(@Nullable RequestScope current) {
    if (current != null && current.owner() == this) {
      current.runCallbacks();
    }
  }

  /**
   * Runs {@code callback} once, on the event loop, at the next {@link #reset()} or {@link
   * #close()}. The last registered runs first; one that a callback registers waits for the next
   * reset. What a callback throws is logged, and the others still run.
   *
   * <p>Any thread. Another thread's callback is handed to the event loop, where it is registered
   * before what that thread writes afterwards; if the arena was closed meanwhile, it runs there at
   * once.
   *
   * @param callback not null
   * @throws IllegalStateException if this arena is closed
   */
  public void onReset(Runnable callback) {
    Objects.requireNonNull(callback, "callback");
    Arguments.requireOpen("onReset", isClosed());
    scope().onReset(callback);
  }

  /**
   * Keeps the current request open until the hold is closed: for a handler that answers later, from
   * another thread, where no codec says when the answer is complete. No {@link RequestBoundary}
   * resets the arena meanwhile; a direct {@link #reset()} does, and so does {@link #close()}.
   *
   * <p>Any thread may take and close a hold, several may be open at once, and a second close does
   * nothing. A hold still open {@code leakGrace} after the close of this arena is reported like a
   * leak. On a closed arena the hold has no effect.
   *
   * @return the hold, open
   */
  public RequestHold hold() {
    return scope().hold(request(), shared().recording() != Recording.OFF);
  }

  /** Whether a {@link #hold()} is open. Any thread. */
  boolean isHeld() {
    RequestScope current = extras().scope;
    return current != null && current.isHeld();
  }

  /** Sets the one listener that runs when the last open hold is closed. Event loop only. */
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
   * Ends the connection's use: a last reset, after which the shared allocator serves what is still
   * allocated here. Closes the children too. A living buffer stays valid until it is released; one
   * alive {@code leakGrace} later is reported as a leak. A second call does nothing. Any thread; on
   * another thread than the event loop it may return before the close.
   */
  @Override
  public void close() {
    LoopTasks.run(executor(), this::closeHere);
  }

  /** Closes when {@code channel} does. */
  void closeWith(Channel channel) {
    channel.closeFuture().addListener(closed -> close());
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
   * Closes this arena and its children without watching for leaks: the connection goes on and may
   * still release what is alive. {@link #close()} is still to be called when the connection ends;
   * what is alive {@code leakGrace} after that is a leak.
   */
  void retire() {
    LoopTasks.run(executor(), () -> retireHere(ConnectionArena::retire));
  }

  /**
   * Moves the open request, with its callbacks, holds and budget, to a new arena on another event
   * loop, and {@linkplain #retire() retires} this one. On the same event loop returns this arena.
   * Called when the connection has left its old event loop and nothing there uses the arena any
   * more.
   *
   * @param executor the connection's new event loop
   * @throws IllegalStateException if this arena is closed
   */
  ConnectionArena moveTo(EventExecutor executor) {
    Arguments.requireOpen("moveTo", isClosed());
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
    long bytes = closesNow ? closeMemory() : 0; // first, so that callbacks find it closed
    extras().forEachChild(endOfChild);
    if (closesNow) {
      runOnReset(extras().scope);
      countReset(bytes);
      shared().closed(this);
      tellOfEnd();
    }
  }

  /** The connection may go on without this arena: then its pressure holds up no stream. */
  private void tellOfEnd() {
    ConnectionBudget budget = budget();
    if (budget != null && !isRoot()) {
      budget.tellOfPressure();
    }
  }

  // The connection as a whole

  /** Gives empty blocks back while an allocation waits for room. Event loop only. */
  @Override
  void makeRoom() {
    super.makeRoom();
    extras().forEachChild(ConnectionArena::makeRoom);
  }

  /** Whether this arena is open, and its connection over the soft budget. */
  boolean isConnectionUnderPressure() {
    ConnectionArena parent = parent();
    return !isClosed() && (parent != null ? parent.isConnectionUnderPressure() : isUnderPressure());
  }

  /** Tells the children's listeners of the connection's pressure. Event loop only. */
  void tellChildrenOfPressure() {
    extras().forEachChild(ConnectionArena::tellOfPressure);
  }

  private void tellOfPressure() {
    ConnectionBudget budget = budget();
    if (budget != null) {
      budget.tellOfPressure();
    }
    tellChildrenOfPressure();
  }

  /** Asks this connection's listener to close it, as the heaviest. */
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

  /** The living buffers of the whole connection that the calling thread may look at. */
  LiveBuffers liveBuffers() {
    ConnectionArena parent = parent();
    return parent != null ? parent.liveBuffers() : countLiving(new LiveBuffers());
  }

  private LiveBuffers countLiving(LiveBuffers into) {
    countLivingHere(into);
    if (executor().inEventLoop()) {
      extras().forEachChild(child -> child.countLiving(into));
    } else {
      into.markIncomplete(); // only the event loop reads the children
    }
    return into;
  }

  // Children, survivors

  /**
   * Opens an arena for a part of this connection with requests of its own, such as an HTTP/2
   * stream. It counts against this one's budget and closes with it. Any thread.
   *
   * @return the arena, open
   * @throws IllegalStateException if this arena is closed
   */
  public ConnectionArena newChild() {
    return newChild(connection());
  }

  /**
   * @param stream what reports call the part, by its {@code toString()}
   */
  ConnectionArena newChild(Object stream) {
    Arguments.requireOpen("newChild", isClosed());
    ConnectionArena child = new ConnectionArena(shared(), executor(), stream, this);
    shared().open(child);
    LoopTasks.run(executor(), () -> adopt(child));
    return child;
  }

  /** Another thread's child may arrive after the close; then it closes too. */
  private void adopt(ConnectionArena child) {
    if (ended) {
      child.closeHere();
      return;
    }
    if (isClosed()) {
      child.retire(); // as this one did: the connection goes on
    }
    ownExtras().add(child);
  }

  /**
   * Copies a survivor's bytes out of the arena, to a buffer of the shared allocator with the same
   * kind of memory, capacity, byte order and indices (marked ones excepted). Releases one reference
   * to {@code buffer}: if that was the last, it no longer holds a block. A slice's copy has the
   * slice's bytes alone. If this fails, nothing was released. Any thread.
   *
   * @param buffer of this arena, or a slice or duplicate of one; not null
   * @return the copy, with one reference
   * @throws io.netty.util.IllegalReferenceCountException if {@code buffer} is released already
   */
  public ByteBuf copyOut(ByteBuf buffer) {
    return CopyOut.to(shared(), buffer);
  }

  // Figures

  /** {@return a live view of what this arena holds and did} */
  public ConnectionArenaMetric metric() {
    return new ConnectionMetrics(this);
  }

  /**
   * {@return a snapshot of this arena's buffers that outlived their requests, without its
   * children's: those of the oldest requests first} With {@link Recording} each says where it was
   * allocated. Nothing is retained. Also after the close, but only on the event loop; from
   * elsewhere call {@code channel.eventLoop().submit(() -> arena.survivors(10))}.
   *
   * @param n the most to list; at least 0
   * @throws IllegalArgumentException if {@code n} is negative
   * @throws IllegalStateException if the event loop has not ended, and the caller is another thread
   */
  public List<Survivor> survivors(int n) {
    Arguments.requireNotNegative("n", n);
    if (!executor().inEventLoop() && !executor().isTerminated()) {
      throw new IllegalStateException(
          "survivors: arena of a connection, thread: %s (expected: its event loop)"
              .formatted(Thread.currentThread().getName()));
    }
    return Survivor.oldest(this, n);
  }

  /**
   * {@return this arena as text: its figures, every straggler with where it comes from, the oldest
   * first, and every open hold} Event loop only; other threads may miss stragglers.
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
