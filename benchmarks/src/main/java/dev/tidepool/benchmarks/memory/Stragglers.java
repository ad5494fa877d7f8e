package dev.tidepool.benchmarks.memory;

import static dev.tidepool.benchmarks.memory.Subject.TRIM_INTERVAL;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A long run of requests, in which one buffer of every hundred is kept for good. How much is held
 * for each byte that is alive?
 *
 * @param atRandom each buffer with the same probability; else every hundredth that an event loop
 *     allocates, and as connections take turns, some keep one of every request and others none
 */
record Stragglers(int connections, int requests, boolean atRandom) implements Scenario {
  private static final int BUFFERS_A_REQUEST = 32;
  private static final int KEPT_OF = 100;
  static final String PER_BYTE_ALIVE = "upstream bytes held per byte alive";

  private static final int SAMPLES = 20;

  @Override
  public void run(Subject subject, Figures figures) throws InterruptedException {
    try (Loops loops = new Loops()) {
      Connections open = Connections.open(subject, loops, connections);
      long residentBefore = ProcessMemory.resident();
      List<Keeper> keepers = new ArrayList<>();
      AtomicLong alive = new AtomicLong();
      for (int i = 0; i < Loops.COUNT; i++) {
        keepers.add(new Keeper(i, alive, atRandom));
      }
      List<Double> ratios = new ArrayList<>();
      for (int i = 0; i < SAMPLES; i++) {
        serve(open, keepers);
        ratios.add((double) subject.heldBytes() / alive.get());
      }
      report(situation("in the run"), ratios, figures);
      reportAtRest(subject, alive.get(), residentBefore, figures);
    }
  }

  private void serve(Connections open, List<Keeper> keepers) throws InterruptedException {
    int rounds = Math.max(1, requests / SAMPLES / connections);
    for (int i = 0; i < rounds; i++) {
      open.onEach(
          (connection, allocator) -> keepers.get(connection % Loops.COUNT).serve(allocator));
    }
  }

  private String situation(String when) {
    return "%,d connections%s, %s"
        .formatted(connections, atRandom ? " that keep at random" : "", when);
  }

  private static void report(String situation, List<Double> ratios, Figures figures) {
    double last = ratios.get(ratios.size() - 1);
    figures.add(situation, PER_BYTE_ALIVE, Figures.RATIO, last, ratios);
  }

  private void reportAtRest(Subject subject, long alive, long residentBefore, Figures figures)
      throws InterruptedException {
    Thread.sleep(TRIM_INTERVAL.multipliedBy(2).toMillis());
    String situation = situation("at rest");
    long held = subject.heldBytes();
    report(situation, List.of((double) held / alive), figures);
    figures.add(situation, "bytes alive", Figures.BYTES, alive);
    figures.addHeld(situation, subject, residentBefore);
  }

  /** Serves requests and keeps some of their buffers; of one event loop. */
  private static final class Keeper {
    private final RecordedSizes sizes;
    private final AtomicLong alive;
    private final ByteBuf[] request = new ByteBuf[BUFFERS_A_REQUEST];
    private final List<ByteBuf> kept = new ArrayList<>();
    private final boolean atRandom;
    private final Random random;
    private int allocated;

    Keeper(long seed, AtomicLong alive, boolean atRandom) {
      this.atRandom = atRandom;
      this.random = new Random(seed);
      this.sizes = RecordedSizes.socketProxy(seed);
      this.alive = alive;
    }

    void serve(ByteBufAllocator allocator) {
      for (int i = 0; i < BUFFERS_A_REQUEST; i++) {
        request[i] = allocator.directBuffer(sizes.next());
      }
      for (ByteBuf each : request) {
        keepOrRelease(each);
      }
      Subject.endRequest(allocator);
    }

    private boolean isKept() {
      return atRandom ? random.nextInt(KEPT_OF) == 0 : ++allocated % KEPT_OF == 0;
    }

    private void keepOrRelease(ByteBuf buffer) {
      if (isKept()) {
        kept.add(buffer);
        alive.addAndGet(buffer.capacity());
      } else {
        buffer.release();
      }
    }
  }
}
