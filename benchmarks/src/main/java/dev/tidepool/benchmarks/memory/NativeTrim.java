package dev.tidepool.benchmarks.memory;

import dev.tidepool.benchmarks.report.Estimate;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToDoubleFunction;

/**
 * What a load suffers while the C library gives memory back. Windows with a native trim in the
 * middle take turns with windows without one; before each the event loops have allocated, touched
 * and freed the same memory.
 *
 * <p>The JDK's command counts as running Java code: a stop of all threads that is asked for while
 * it runs waits for its end, and so do all that have stopped already.
 *
 * @param stop whether each window has one stop of all threads, as a collection has: 10 ms after the
 *     trim begins
 */
record NativeTrim(int pairs, long bytes, boolean stop) implements Scenario {
  private static final int WINDOW_MILLIS = 1000;
  private static final int STOP_AFTER_MILLIS = 10;
  private static final int WARM_UP = 3;
  private static final int LEAST_BYTES = 4 * 1024;

  /** Each twice the one before. */
  private static final int SIZES = 5;

  private static final String RATIO = "p99.9 with to p99.9 without";

  /** What the client measured in one window, and what the trim took and gave in it. */
  private record Window(
      double messages,
      double median,
      double p999,
      double most,
      double trimNanos,
      double givenBack) {}

  /** A trim's duration, and by how much the process shrank. */
  private record Trim(long nanos, long givenBack) {}

  @Override
  public void run(Subject subject, Figures figures) throws Exception {
    try (Loops loops = new Loops();
        LoopbackServer server = LoopbackServer.start(subject, loops, EchoAtOnce::new);
        ClientProcess client =
            ClientProcess.start(LatencyClient.class, Jvm.SMALL_HEAP, List.of(server.port()))) {
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
      report(trimmed, control, figures);
    }
  }

  private Window window(boolean trim, Loops loops, ClientProcess client) throws Exception {
    loops.onEach(this::allocateAndFree);
    FutureTask<Trim> task = new FutureTask<>(trim ? NativeTrim::trimLater : () -> new Trim(0, 0));
    start(task, "native-trim");
    if (stop) {
      start(NativeTrim::stopLater, "stop");
    }
    String[] said = client.ask(String.valueOf(WINDOW_MILLIS)).split(" ", -1);
    Trim done = task.get();
    double[] is = Arrays.stream(said).mapToDouble(Double::parseDouble).toArray();
    return new Window(is[0], is[1], is[2], is[3], done.nanos, done.givenBack);
  }

  private static void start(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  private static void stopLater() {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(WINDOW_MILLIS / 2 + STOP_AFTER_MILLIS));
    var unused = Thread.getAllStackTraces();
  }

  /** As blocks are: small pieces of the event loop's heap in the C library, freed in any order. */
  private void allocateAndFree(int loop) {
    Random random = new Random(loop);
    UnpooledByteBufAllocator upstream = new UnpooledByteBufAllocator(true);
    List<ByteBuf> pieces = new ArrayList<>();
    for (long left = bytes / Loops.COUNT; left > 0; ) {
      ByteBuf piece = Buffers.touched(upstream, LEAST_BYTES << random.nextInt(SIZES));
      pieces.add(piece);
      left -= piece.capacity();
    }
    Collections.shuffle(pieces, random);
    pieces.forEach(ByteBuf::release);
  }

  private static Trim trimLater() throws InterruptedException {
    Thread.sleep(WINDOW_MILLIS / 2);
    long residentBefore = ProcessMemory.resident();
    long start = System.nanoTime();
    ProcessMemory.trimNativeHeap();
    long nanos = System.nanoTime() - start;
    return new Trim(nanos, residentBefore - ProcessMemory.resident());
  }

  private void report(List<Window> trimmed, List<Window> control, Figures figures) {
    report("with a native trim", trimmed, figures);
    report("without", control, figures);
    add("the trim took", "ms", trimmed, each -> each.trimNanos / 1e6, figures);
    add("the trim gave back", Figures.BYTES, trimmed, Window::givenBack, figures);
    Estimate ratio = Estimate.ofRatio(p999(trimmed), p999(control));
    figures.add(situation(), RATIO, Figures.RATIO, ratio.value());
    figures.add(situation(), RATIO + ", 95 % from", Figures.RATIO, ratio.low());
    figures.add(situation(), RATIO + ", 95 % to", Figures.RATIO, ratio.high());
  }

  private String situation() {
    return stop ? "windows of 1 s with a stop of all threads" : "windows of 1 s";
  }

  private void report(String which, List<Window> windows, Figures figures) {
    add("messages " + which, Figures.COUNT, windows, Window::messages, figures);
    add("median " + which, "µs", windows, each -> each.median / 1e3, figures);
    add("p99.9 " + which, "µs", windows, each -> each.p999 / 1e3, figures);
    add("most " + which, "µs", windows, each -> each.most / 1e3, figures);
  }

  private void add(
      String figure,
      String unit,
      List<Window> windows,
      ToDoubleFunction<Window> of,
      Figures figures) {
    List<Double> values = windows.stream().mapToDouble(of).boxed().toList();
    figures.add(situation(), figure, unit, Figures.median(values), values);
  }

  private static double[] p999(List<Window> windows) {
    return windows.stream().mapToDouble(Window::p999).toArray();
  }
}
