package dev.tidepool.benchmarks.server;

import dev.tidepool.benchmarks.AllocatorUnderTest;
import dev.tidepool.benchmarks.Figures;
import dev.tidepool.benchmarks.Suite;
import dev.tidepool.benchmarks.Target;
import dev.tidepool.benchmarks.server.ServerCpu.Cost;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Timeout;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to look at a server. In each round every way to look has a window of time, and so
 * has, right before or right after it, the same server with all of them off; what is told is how
 * many times as much CPU a request took, window by window.
 */
@Suite(
    title = "Observe",
    operation =
        "CPU for each request of the echo server while it is looked at, against the same with all"
            + " off: raw protocol, 1 KiB messages on ten connections, one event loop. The"
            + " observations are rounds in one JVM, in which both have a window side by side. The"
            + " process is all of the server's threads: sampler, page, Flight Recorder, the JVM's"
            + " own. The page has the requests' latencies measured too.",
    quick = "millis=150")
@Target(where = "the page open", figure = ObserveBenchmark.LOOPS, atMost = 1.1)
@Target(where = "/metrics", figure = ObserveBenchmark.LOOPS, atMost = 1.1)
@Target(where = "as by default", figure = ObserveBenchmark.LOOPS, atMost = 1.05)
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@Warmup(iterations = 2)
@Measurement(iterations = 12)
@Timeout(time = 240)
@Fork(
    value = 1,
    jvmArgs = {"-Xms512m", "-Xmx512m", "-XX:+UseG1GC", "--enable-native-access=ALL-UNNAMED"})
public class ObserveBenchmark {
  private static final String PROCESS = "CPU a request of the process, to all off";
  static final String LOOPS = "CPU a request of the event loop, to all off";
  private static final String BEYOND = "CPU of the process a second, beyond all off";
  private static final String OFF = "CPU a request of the process, all off";

  /** The other allocators have nothing to look at. */
  @Param("CONNECTION")
  public AllocatorUnderTest underTest;

  @Param("2000")
  public int millis;

  private ObservedServer plain;
  private ObservedServer probed;
  private int round;

  @Setup
  public void open() throws IOException {
    plain = new ObservedServer(false);
    probed = new ObservedServer(true);
  }

  @TearDown
  public void close() {
    plain.close();
    probed.close();
  }

  /** What one way to look costs, and its neighbour. */
  private record Pair(Cost off, Cost on) {}

  @Benchmark
  public void round() throws Exception {
    round++;
    Map<Observer, Pair> pairs = new EnumMap<>(Observer.class);
    boolean offFirst = round % 2 == 0;
    for (Observer observer : Observer.values()) {
      pairs.put(observer, pair(observer, offFirst));
      offFirst = !offFirst;
    }
    pairs.forEach(ObserveBenchmark::add);
    Pair nothing = Objects.requireNonNull(pairs.get(Observer.NOTHING));
    Figures.add("", OFF, Figures.NANOS, nothing.off.process());
  }

  private Pair pair(Observer observer, boolean offFirst) throws Exception {
    if (offFirst) {
      Cost off = off();
      return new Pair(off, on(observer));
    }
    Cost on = on(observer);
    return new Pair(off(), on);
  }

  private Cost off() throws IOException {
    return window(plain);
  }

  @SuppressWarnings("try") // it looks by itself
  private Cost on(Observer observer) throws Exception {
    ObservedServer server = observer.probes() ? probed : plain;
    try (AutoCloseable looking = observer.begin(server)) {
      return window(server);
    }
  }

  /** What began or ended right before is not in it. */
  private Cost window(ObservedServer server) throws IOException {
    var unused = server.talk(millis / 5);
    return server.talk(millis);
  }

  private static void add(Observer observer, Pair pair) {
    Figures.add(observer.words(), PROCESS, Figures.RATIO, pair.on.process() / pair.off.process());
    Figures.add(observer.words(), LOOPS, Figures.RATIO, pair.on.loops() / pair.off.loops());
    if (observer.hasThreads()) {
      Figures.add(observer.words(), BEYOND, "ms", pair.on.beyond(pair.off));
    }
  }
}
