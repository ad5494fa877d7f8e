package dev.tidepool.echo.live;

import dev.tidepool.allocator.HoldReport;
import dev.tidepool.allocator.LeakListener;
import dev.tidepool.allocator.LeakReport;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The last leaks of a server, and which of its connections leak. Thread-safe. */
public final class LeakLog implements LeakListener {
  /** The number of reports that are kept. */
  public static final int CAPACITY = 100;

  private static final Logger LOG = LoggerFactory.getLogger(LeakLog.class);

  private final Function<Object, String> names;
  private final List<Consumer<LiveLeak>> listeners = new CopyOnWriteArrayList<>();
  private final Deque<LiveLeak> last = new ArrayDeque<>(); // guarded by itself

  /** Weak: an arena with a leak is all that keeps its connection. */
  private final Set<Object> leaking =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  /**
   * @param names the name of a connection, which is what its arena was opened for
   */
  public LeakLog(Function<Object, String> names) {
    this.names = names;
  }

  @Override
  public void leaked(LeakReport report) {
    add(report.connection(), report.request(), report.capacity(), report.toString());
  }

  @Override
  public void holdForgotten(HoldReport report) {
    add(report.connection(), report.request(), 0, report.toString());
  }

  private void add(Object connection, int request, long bytes, String text) {
    leaking.add(connection);
    LiveLeak leak =
        new LiveLeak(System.currentTimeMillis(), names.apply(connection), request, bytes, text);
    synchronized (last) {
      if (last.size() == CAPACITY) {
        last.removeFirst();
      }
      last.addLast(leak);
    }
    listeners.forEach(listener -> tell(listener, leak));
  }

  private static void tell(Consumer<LiveLeak> listener, LiveLeak leak) {
    try {
      listener.accept(leak);
    } catch (RuntimeException e) {
      LOG.warn("a listener to leaks failed", e);
    }
  }

  /** The last reports, at most {@link #CAPACITY}, the oldest first. */
  public List<LiveLeak> last() {
    synchronized (last) {
      return List.copyOf(last);
    }
  }

  /** Whether a leak of {@code connection} was reported. */
  public boolean isLeaking(Object connection) {
    return leaking.contains(connection);
  }

  /**
   * Tells {@code listener} of each leak from now on, on the thread that reports it, which is an
   * event loop: it must not block.
   *
   * @return ends that when it is closed
   */
  public Subscription subscribe(Consumer<LiveLeak> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }
}
