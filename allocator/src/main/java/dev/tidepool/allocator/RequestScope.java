package dev.tidepool.allocator;

import dev.tidepool.allocator.memory.CallSite;
import dev.tidepool.allocator.threads.LoopTasks;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The scope of a connection's open request: the callbacks for its end, and the holds that delay it.
 * It moves with the connection from one event loop's arena to the next.
 *
 * <pre>
 *   heldCount == holds.size()
 * </pre>
 *
 * <p><b>Threads.</b> Callbacks run on the owner's event loop only. The lock {@code holds} guards
 * callbacks and holds, as a task of the former event loop may still add to them while the
 * connection moves. {@code heldCount} is written under that lock and read without it. A hold is
 * taken at once, on any thread. It is removed on the event loop only, after every task that its
 * closer handed to the loop before: so the write of the response precedes the end of the request.
 */
final class RequestScope {
  private static final InternalLogger logger =
      InternalLoggerFactory.getInstance(RequestScope.class);

  private final Object connection;
  private final Set<RequestHold> holds = new LinkedHashSet<>(2);
  private volatile int heldCount;

  /** The arena whose requests these are; replaced when the connection moves. */
  private volatile ConnectionArena owner;

  private @Nullable Deque<Runnable> callbacks;
  private boolean running; // owner's event loop only

  RequestScope(ConnectionArena owner) {
    this.owner = owner;
    this.connection = owner.connection();
  }

  ConnectionArena owner() {
    return owner;
  }

  /** Makes {@code successor} the owner: the connection's open request goes on there. */
  void moveTo(ConnectionArena successor) {
    owner = successor;
  }

  // Callbacks

  /** Registers in the order of the calls; after the connection's end the callback runs at once. */
  void onReset(Runnable callback) {
    onOwnersLoop(() -> pushOrRun(callback));
  }

  private void pushOrRun(Runnable callback) {
    if (!push(callback)) {
      run(callback);
    }
  }

  /**
   * Closing writes {@code closed}, then takes the callbacks under the lock; here {@code closed} is
   * read under the lock, then one is added: none is added after the last were taken.
   */
  private boolean push(Runnable callback) {
    synchronized (holds) {
      if (isOver()) {
        return false;
      }
      if (callbacks == null) {
        callbacks = new ArrayDeque<>(4);
      }
      callbacks.push(callback);
      return true;
    }
  }

  /**
   * An arena that the connection has left is closed after {@code owner} was written: only a closed
   * arena that is still the owner means the end.
   */
  private boolean isOver() {
    ConnectionArena asked = owner;
    while (asked.isClosed()) {
      ConnectionArena now = owner;
      if (now == asked) {
        return true;
      }
      asked = now;
    }
    return false;
  }

  /** Whether the callbacks of a request's end are being run. */
  boolean isRunning() {
    return running;
  }

  /** Runs each callback once; what these register waits for the next request's end. */
  void runCallbacks() {
    Deque<Runnable> due = takeCallbacks();
    if (due == null) {
      return;
    }
    running = true;
    try {
      due.forEach(this::run);
    } finally {
      running = false;
    }
  }

  private @Nullable Deque<Runnable> takeCallbacks() {
    synchronized (holds) {
      Deque<Runnable> due = callbacks;
      callbacks = null;
      return due;
    }
  }

  private void run(Runnable callback) {
    try {
      callback.run();
    } catch (Throwable e) {
      logger.warn("onReset callback of {} failed: {}", connection, callback, e);
    }
  }

  // Holds

  RequestHold hold(int request, boolean recorded) {
    RequestHold hold = new RequestHold(this, request, recorded ? CallSite.here() : null);
    synchronized (holds) {
      if (!isOver()) { // as for callbacks: one that is added is seen by the close
        holds.add(hold);
        heldCount = holds.size();
      }
    }
    return hold;
  }

  boolean isHeld() {
    return heldCount > 0;
  }

  void released(RequestHold hold) {
    onOwnersLoop(() -> remove(hold));
  }

  private void remove(RequestHold hold) {
    synchronized (holds) {
      holds.remove(hold);
      heldCount = holds.size();
    }
    if (!isHeld()) {
      owner.unheld();
    }
  }

  List<RequestHold> openHolds() {
    synchronized (holds) {
      return List.copyOf(holds);
    }
  }

  /** Runs {@code task} on the owner's event loop; if the connection moves, the task follows. */
  private void onOwnersLoop(Runnable task) {
    ConnectionArena asked = owner;
    LoopTasks.run(
        asked.executor(),
        () -> {
          if (asked == owner) {
            task.run();
          } else {
            onOwnersLoop(task);
          }
        });
  }
}
