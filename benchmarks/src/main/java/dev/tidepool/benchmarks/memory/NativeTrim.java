package dev.tidepool.benchmarks.memory;

import dev.tidepool.benchmarks.report.Estimate;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.function.ToDoubleFunction;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * What a load suffers while the C library gives memory back. Windows with a native trim in the
 * middle take turns with windows without one; before each the event loops have allocated, touched
 * and freed the same memory.
 */
record NativeTrim(int pairs, long bytes) implements Scenario {
  private static final int WINDOW_MILLIS = 1000;
  private static final int WARM_UP = 3;
  private static final int LEAST_BYTES = 4 * 1024;

  /** Each twice the one before. */
  private static final int SIZES = 5;

  private static final String SITUATION = "a load's windows of 1 s";
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
    Thread thread = new Thread(task, "native-trim");
    thread.setDaemon(true);
    thread.start();
    String[] said = client.ask(String.valueOf(WINDOW_MILLIS)).split(" ", -1);
    Trim done = task.get();
    double[] is = Arrays.stream(said).mapToDouble(Double::parseDouble).toArray();
    return new Window(is[0], is[1], is[2], is[3], done.nanos, done.givenBack);
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

  private static Trim trimLater() throws InterruptedException, JMException {
    Thread.sleep(WINDOW_MILLIS / 2);
    long residentBefore = ProcessMemory.resident();
    long start = System.nanoTime();
    ObjectName commands = new ObjectName("com.sun.management:type=DiagnosticCommand");
    var unused =
        ManagementFactory.getPlatformMBeanServer()
            .invoke(commands, "systemTrimNativeHeap", new Object[0], new String[0]);
    long nanos = System.nanoTime() - start;
    return new Trim(nanos, residentBefore - ProcessMemory.resident());
  }

  private void report(List<Window> trimmed, List<Window> control, Figures figures) {
    report("with a native trim", trimmed, figures);
    report("without", control, figures);
    add("the trim took", "ms", trimmed, each -> each.trimNanos / 1e6, figures);
    add("the trim gave back", Figures.BYTES, trimmed, Window::givenBack, figures);
    Estimate ratio = Estimate.ofRatio(p999(trimmed), p999(control));
    figures.add(SITUATION, RATIO, Figures.RATIO, ratio.value());
    figures.add(SITUATION, RATIO + ", 95 % from", Figures.RATIO, ratio.low());
    figures.add(SITUATION, RATIO + ", 95 % to", Figures.RATIO, ratio.high());
  }

  private static void report(String which, List<Window> windows, Figures figures) {
    add("messages " + which, Figures.COUNT, windows, Window::messages, figures);
    add("median " + which, "µs", windows, each -> each.median / 1e3, figures);
    add("p99.9 " + which, "µs", windows, each -> each.p999 / 1e3, figures);
    add("most " + which, "µs", windows, each -> each.most / 1e3, figures);
  }

  private static void add(
      String figure,
      String unit,
      List<Window> windows,
      ToDoubleFunction<Window> of,
      Figures figures) {
    List<Double> values = windows.stream().mapToDouble(of).boxed().toList();
    figures.add(SITUATION, figure, unit, Figures.median(values), values);
  }

  private static double[] p999(List<Window> windows) {
    return windows.stream().mapToDouble(Window::p999).toArray();
  }
}
