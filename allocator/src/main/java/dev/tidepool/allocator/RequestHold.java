package dev.tidepool.allocator;

import dev.tidepool.allocator.memory.CallSite;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A hold on a connection's open request, for work that goes on elsewhere: until it is closed, no
 * {@link RequestBoundary} resets the arena. See {@link ConnectionArena#hold()}.
 *
 * <p><b>Threads.</b> Any thread may close it. Close it after issuing the last write of the
 * response, so that the event loop sees the write first.
 */
public final class RequestHold implements AutoCloseable {
  private final RequestScope scope;
  private final int request;
  private final long takenNanos = System.nanoTime();
  private final @Nullable CallSite takenAt;
  private final AtomicBoolean closed = new AtomicBoolean();

  RequestHold(RequestScope scope, int request, @Nullable CallSite takenAt) {
    this.scope = scope;
    this.request = request;
    this.takenAt = takenAt;
  }

  /** Ends the hold; on other threads than the event loop, by a task. Further calls do nothing. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      scope.released(this);
    }
  }

  /** The number of the request that was open when the hold was taken. */
  int request() {
    return request;
  }

  long ageNanos(long now) {
    return now - takenNanos;
  }

  @Nullable Trace takenAt() {
    return Trace.of(takenAt);
  }

  @Override
  public String toString() {
    return "RequestHold(request %d, %s)".formatted(request, closed.get() ? "closed" : "open");
  }
}
