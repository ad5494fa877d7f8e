package dev.tidepool.benchmarks.memory;

import static dev.tidepool.benchmarks.Subject.TRIM_INTERVAL;

import dev.tidepool.benchmarks.Figures;
import dev.tidepool.benchmarks.Subject;
import dev.tidepool.benchmarks.Suite;
import dev.tidepool.benchmarks.Target;
import dev.tidepool.benchmarks.memory.Loops.Connections;
import dev.tidepool.benchmarks.memory.MemorySeries.Sample;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Param;

/** What is held, and for how long, after every connection held 1 MiB and all was released. */
@Suite(
    title = "Burst",
    operation = "A burst, all of it released, then silence or a trickle: what is held still.",
    quick = {"connections=256", "then=SILENCE"})
@Target(where = "one trim interval", figure = Figures.HELD, atMost = 1 << 20)
@Target(where = "three trim intervals", figure = Figures.RSS_RISE, atMost = 64 << 20)
@Target(where = "three trim intervals", figure = Figures.RSS_RISE, atMost = 1, thanBetter = true)
@Target(where = "on another event loop", figure = Burst.MOST, atMost = 1150 << 20)
public class Burst extends MemoryBenchmark {
  static final String MOST = "most upstream bytes held";

  private static final int BUFFERS = 64;
  private static final int BUFFER_BYTES = 16 * 1024;
  private static final int LITTLE = 1024 * 1024;

  private static final int TRICKLE_BYTES = 256;
  private static final int TRICKLE_MILLIS = 10;

  private static final Duration STEP = Duration.ofMillis(50);
  private static final Duration SLACK = Duration.ofMillis(100);

  /** What follows the burst. */
  public enum Aftermath {
    SILENCE("silence"),
    TRICKLE("a trickle"),
    RELEASED_ELSEWHERE("silence after release on another event loop");

    private final String words;

    Aftermath(String words) {
      this.words = words;
    }
  }

  @Param("1024")
  public int connections;

  @Param public Aftermath then;

  @Override
  void measure() throws InterruptedException {
    try (Loops loops = new Loops()) {
      Connections open = loops.open(subject, connections);
      start();
      ByteBuf[][] burst = allocate(open);
      long alive = subject.heldBytes();
      addHeld("in the burst, then " + then.words);
      release(open, burst);
      if (then == Aftermath.TRICKLE) {
        trickle(loops, open);
      }
      Duration watched = TRIM_INTERVAL.multipliedBy(3).plus(SLACK);
      MemorySeries series = MemorySeries.of(subject, STEP, watched);
      report(series);
      Figures.add(then.words, MOST, Figures.BYTES, Math.max(alive, series.peak(Sample::held)));
    }
  }

  private ByteBuf[][] allocate(Connections open) throws InterruptedException {
    ByteBuf[][] buffers = new ByteBuf[connections][];
    open.onEach((allocator, i) -> buffers[i] = allocate(allocator));
    return buffers;
  }

  private static ByteBuf[] allocate(ByteBufAllocator allocator) {
    ByteBuf[] buffers = new ByteBuf[BUFFERS];
    for (int i = 0; i < BUFFERS; i++) {
      buffers[i] = touched(allocator, BUFFER_BYTES);
    }
    return buffers;
  }

  private void release(Connections open, ByteBuf[][] burst) throws InterruptedException {
    boolean elsewhere = then == Aftermath.RELEASED_ELSEWHERE;
    if (elsewhere) {
      open.endRequests();
    }
    open.onEach(elsewhere ? 1 : 0, (allocator, i) -> release(burst[i]));
    if (!elsewhere) {
      open.endRequests();
    }
  }

  private static void trickle(Loops loops, Connections open) {
    for (int i = 0; i < Loops.COUNT; i++) {
      ByteBufAllocator first = open.allocators().get(i);
      var unused =
          loops
              .loop(i)
              .scheduleAtFixedRate(
                  () -> smallRequest(first), TRICKLE_MILLIS, TRICKLE_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private static void smallRequest(ByteBufAllocator allocator) {
    allocator.directBuffer(TRICKLE_BYTES).release();
    Subject.endRequest(allocator);
  }

  private void report(MemorySeries series) {
    report("right after, then " + then.words, Duration.ZERO, series);
    Duration interval = TRIM_INTERVAL.plus(SLACK);
    report("one trim interval of " + then.words, interval, series);
    Duration three = TRIM_INTERVAL.multipliedBy(3).plus(SLACK);
    report("three trim intervals of " + then.words, three, series);
    Figures.add(
        then.words,
        "time until at most 1 MiB is held (-1: never)",
        "ms",
        series.settledMillis(held -> held <= LITTLE));
  }

  private void report(String situation, Duration time, MemorySeries series) {
    Sample sample = series.at(time);
    addHeld(situation, sample.held(), sample.resident() - residentBefore);
  }
}
