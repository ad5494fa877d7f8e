package dev.tidepool.benchmarks.memory;

import dev.tidepool.benchmarks.EchoHandler;
import dev.tidepool.benchmarks.Estimate;
import dev.tidepool.benchmarks.Figures;
import dev.tidepool.benchmarks.LoopbackServer;
import dev.tidepool.benchmarks.Suite;
import dev.tidepool.benchmarks.Target;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.apache.commons.math3.stat.StatUtils;
import org.openjdk.jmh.annotations.Param;

/**
 * What a load suffers while the C library gives memory back. Windows with a native trim in the
 * middle take turns with windows without one; before each the event loops have allocated, touched
 * and freed the same memory.
 *
 * <p>The JDK's command counts as running Java code: a stop of all threads that is asked for while
 * it runs waits for its end, and so do all that have stopped already.
 */
@Suite(
    title = "Trim",
    operation = "What a load suffers while the C library gives 1 GiB back to the system.",
    quick = {"pairs=3", "mib=256"})
@Target(figure = Trim.WITH_TO_WITHOUT, atMost = 1.1)
public class Trim extends MemoryBenchmark {
  static final String WITH_TO_WITHOUT = "p99.9 with to p99.9 without";

  private static final int WINDOW_MILLIS = 1000;
  private static final int STOP_AFTER_MILLIS = 10;
  private static final int CONNECTIONS = 4;
  private static final int MESSAGE_BYTES = 1024;
  private static final int WARM_UP = 3;
  private static final int LEAST_BYTES = 4 * 1024;

  /** Each twice the one before. */
  private static final int SIZES = 5;

  @Param("20")
  public int pairs;

  @Param("1024")
  public int mib;

  /**
   * Whether each window has one stop of all threads, as a collection has: 10 ms after the trim
   * begins.
   */
  @Param({"false", "true"})
  public boolean stop;

  /** What the client measured in one window, and what the trim took and gave in it. */
  private record Window(
      double messages,
      double median,
      double p999,
      double most,
      double trimNanos,
      double givenBack) {}

  /** A trim's duration, and by how much the process shrank. */
  private record Given(long nanos, long givenBack) {}

  @Override
  void measure() throws Exception {
    if (!subject.hasConnectionArenas()) {
      return; // whatever was freed, it is the C library that trims
    }
    try (Loops loops = new Loops();
        LoopbackServer server =
            new LoopbackServer(
                subject, loops.group(), channel -> channel.pipeline().addLast(new EchoHandler(0)));
        ClientProcess client =
            ClientProcess.start(server, Talk.echo(CONNECTIONS, MESSAGE_BYTES, 1))) {
      client.awaitConnected();
      for (int i = 0; i < WARM_UP; i++) {
        window(i == 0, loops, client);
      }
      List<Window> trimmed = new ArrayList<>();
      List<Window> control = new ArrayList<>();
      for (int i = 0; i < pairs; i++) {
        boolean first = i % 2 == 0;
        (first ? trimmed : control).add(window(first, loops, client));
        (first ? control : trimmed).add(window(!first, loops, client));
      }
      report(trimmed, control);
    }
  }

  private Window window(boolean trim, Loops loops, ClientProcess client) throws Exception {
    loops.onEach(this::allocateAndFree);
    CompletableFuture<Given> given =
        trim
            ? CompletableFuture.supplyAsync(Trim::trim, in(WINDOW_MILLIS / 2))
            : CompletableFuture.completedFuture(new Given(0, 0));
    if (stop) {
      in(WINDOW_MILLIS / 2 + STOP_AFTER_MILLIS).execute(Thread::getAllStackTraces);
    }
    client.talk(WINDOW_MILLIS);
    double[] is = client.awaitFigures();
    Given done = given.get();
    return new Window(is[0], is[1], is[2], is[3], done.nanos, done.givenBack);
  }

  /** Runs on a thread of its own, later. */
  private static Executor in(int millis) {
    return CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS);
  }

  /** As blocks are: small pieces of the event loop's heap in the C library, freed in any order. */
  private void allocateAndFree(int loop) {
    Random random = new Random(loop);
    UnpooledByteBufAllocator upstream = new UnpooledByteBufAllocator(true);
    List<ByteBuf> pieces = new ArrayList<>();
    for (long left = ((long) mib << 20) / Loops.COUNT; left > 0; ) {
      ByteBuf piece = touched(upstream, LEAST_BYTES << random.nextInt(SIZES));
      pieces.add(piece);
      left -= piece.capacity();
    }
    Collections.shuffle(pieces, random);
    pieces.forEach(ByteBuf::release);
  }

  private static Given trim() {
    long residentBefore = ProcessMemory.resident();
    long start = System.nanoTime();
    ProcessMemory.trimNativeHeap();
    long nanos = System.nanoTime() - start;
    return new Given(nanos, residentBefore - ProcessMemory.resident());
  }

  private void report(List<Window> trimmed, List<Window> control) {
    report("with a native trim", trimmed);
    report("without", control);
    add("the trim took", "ms", trimmed, each -> each.trimNanos / 1e6);
    add("the trim gave back", Figures.BYTES, trimmed, Window::givenBack);
    Estimate ratio = Estimate.ofRatio(p999(trimmed), p999(control));
    Figures.add(situation(), WITH_TO_WITHOUT, Figures.RATIO, ratio.value());
    Figures.add(situation(), WITH_TO_WITHOUT + ", 95 % from", Figures.RATIO, ratio.low());
    Figures.add(situation(), WITH_TO_WITHOUT + ", 95 % to", Figures.RATIO, ratio.high());
  }

  private String situation() {
    return stop ? "windows of 1 s with a stop of all threads" : "windows of 1 s";
  }

  private void report(String which, List<Window> windows) {
    add("messages " + which, Figures.COUNT, windows, Window::messages);
    add("median " + which, "µs", windows, each -> each.median / 1e3);
    add("p99.9 " + which, "µs", windows, each -> each.p999 / 1e3);
    add("most " + which, "µs", windows, each -> each.most / 1e3);
  }

  private void add(String figure, String unit, List<Window> windows, ToDoubleFunction<Window> of) {
    double[] values = windows.stream().mapToDouble(of).toArray();
    Figures.add(situation(), figure, unit, StatUtils.percentile(values, 50));
  }

  private static double[] p999(List<Window> windows) {
    return windows.stream().mapToDouble(Window::p999).toArray();
  }
}
