package dev.tidepool.benchmarks.memory;

import static dev.tidepool.benchmarks.memory.Subject.TRIM_INTERVAL;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.time.Duration;

/**
 * Every connection allocates 1 MiB, in buffers that it writes to; when all hold it, all release.
 * What is held then, and for how long?
 */
record Burst(int connections, Aftermath aftermath) implements Scenario {
  private static final int BUFFERS = 64;
  private static final int BUFFER_BYTES = 16 * 1024;
  private static final String MOST = "most upstream bytes held";
  private static final int LITTLE = 1024 * 1024;

  private static final int TRICKLE_BYTES = 256;
  private static final int TRICKLE_MILLIS = 10;

  private static final Duration STEP = Duration.ofMillis(50);
  private static final Duration SLACK = Duration.ofMillis(100);

  /** What follows the burst. */
  enum Aftermath {
    SILENCE("silence"),
    TRICKLE("a trickle"),
    RELEASED_ELSEWHERE("silence after release on another event loop");

    private final String words;

    Aftermath(String words) {
      this.words = words;
    }
  }

  @Override
  public void run(Subject subject, Figures figures) throws InterruptedException {
    try (Loops loops = new Loops()) {
      Connections open = Connections.open(subject, loops, connections);
      long residentBefore = ProcessMemory.resident();
      ByteBuf[][] burst = allocate(open);
      long alive = subject.heldBytes();
      figures.addHeld("in the burst, then " + aftermath.words, subject, residentBefore);
      release(open, burst);
      if (aftermath == Aftermath.TRICKLE) {
        trickle(loops, open);
      }
      Duration watched = TRIM_INTERVAL.multipliedBy(3).plus(SLACK);
      MemorySeries series = MemorySeries.of(subject, STEP, watched);
      report(series, residentBefore, figures);
      figures.add(aftermath.words, MOST, Figures.BYTES, Math.max(alive, series.peakHeld()));
    }
  }

  private ByteBuf[][] allocate(Connections open) throws InterruptedException {
    ByteBuf[][] buffers = new ByteBuf[connections][];
    open.onEach((i, allocator) -> buffers[i] = allocate(allocator));
    return buffers;
  }

  private static ByteBuf[] allocate(ByteBufAllocator allocator) {
    ByteBuf[] buffers = new ByteBuf[BUFFERS];
    for (int i = 0; i < BUFFERS; i++) {
      buffers[i] = Buffers.touched(allocator, BUFFER_BYTES);
    }
    return buffers;
  }

  private void release(Connections open, ByteBuf[][] burst) throws InterruptedException {
    boolean elsewhere = aftermath == Aftermath.RELEASED_ELSEWHERE;
    if (elsewhere) {
      open.endRequests();
    }
    open.onEach(elsewhere ? 1 : 0, (i, allocator) -> Buffers.release(burst[i]));
    if (!elsewhere) {
      open.endRequests();
    }
  }

  private static void trickle(Loops loops, Connections open) {
    loops.onEachRepeatedly(loop -> smallRequest(open.allocator(loop)), TRICKLE_MILLIS);
  }

  private static void smallRequest(ByteBufAllocator allocator) {
    allocator.directBuffer(TRICKLE_BYTES).release();
    Subject.endRequest(allocator);
  }

  private void report(MemorySeries series, long residentBefore, Figures figures) {
    report("right after, then " + aftermath.words, Duration.ZERO, series, residentBefore, figures);
    Duration interval = TRIM_INTERVAL.plus(SLACK);
    report("one trim interval of " + aftermath.words, interval, series, residentBefore, figures);
    Duration three = TRIM_INTERVAL.multipliedBy(3).plus(SLACK);
    report("three trim intervals of " + aftermath.words, three, series, residentBefore, figures);
    figures.add(
        aftermath.words,
        "time until at most 1 MiB is held (-1: never)",
        "ms",
        series.settledMillis(held -> held <= LITTLE),
        series.held());
  }

  private static void report(
      String situation, Duration time, MemorySeries series, long residentBefore, Figures figures) {
    figures.addHeld(situation, series.heldAt(time), series.residentAt(time) - residentBefore);
  }
}
