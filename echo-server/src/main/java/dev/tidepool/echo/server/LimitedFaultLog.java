package dev.tidepool.echo.server;

import dev.tidepool.echo.figures.Figures;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * A log that passes on at most one line a second for each kind of fault, which is the class of its
 * cause. The next line says how many were left out.
 *
 * <pre>
 *   faults of a kind == lines passed on with a fault + those that lines say were left out
 *                       + those that are not reported yet: none after {@link #end()}
 * </pre>
 *
 * <p>Thread-safe.
 */
final class LimitedFaultLog implements FaultLog {
  private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Consumer<String> out;
  private final LongSupplier nanoTime;
  private final Map<Class<?>, Kind> kinds = new ConcurrentHashMap<>();

  LimitedFaultLog(Consumer<String> out, LongSupplier nanoTime) {
    this.out = out;
    this.nanoTime = nanoTime;
  }

  @Override
  public void fault(String line, Throwable cause) {
    kinds.computeIfAbsent(cause.getClass(), type -> new Kind()).fault(line);
  }

  @Override
  public void reportLeftOut() {
    kinds.values().forEach(Kind::reportIfDue);
  }

  @Override
  public void end() {
    kinds.values().forEach(Kind::report);
  }

  /** One kind of fault. Its monitor guards its state and keeps its lines in order. */
  private final class Kind {
    private long next = nanoTime.getAsLong();
    private long leftOut;
    private String latest = "";

    synchronized void fault(String line) {
      if (isDue()) {
        pass(line + (leftOut == 0 ? "" : "; and " + more() + " since the last line"));
      } else {
        leftOut++;
        latest = line;
      }
    }

    synchronized void reportIfDue() {
      if (isDue()) {
        report();
      }
    }

    synchronized void report() {
      if (leftOut > 0) {
        pass(more() + " since the last line, the latest: " + latest);
      }
    }

    private boolean isDue() {
      return nanoTime.getAsLong() - next >= 0;
    }

    private String more() {
      return Figures.count(leftOut, "fault", "faults") + " more like it";
    }

    private void pass(String line) {
      out.accept(line);
      leftOut = 0;
      next = nanoTime.getAsLong() + INTERVAL_NANOS;
    }
  }
}
