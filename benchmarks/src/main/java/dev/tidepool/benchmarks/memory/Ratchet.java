package dev.tidepool.benchmarks.memory;

import static dev.tidepool.benchmarks.memory.Subject.TRIM_INTERVAL;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;

/**
 * Each connection has one large request, one after the other; then all have small ones at once.
 * What do the small ones hold, compared with before?
 */
record Ratchet(int connections) implements Scenario {
  private static final int LARGE_BUFFERS = 512;
  private static final int LARGE_BUFFER_BYTES = 16 * 1024;
  private static final int SMALL_BUFFER_BYTES = 1024;
  private static final int SMALL_REQUESTS = 16;

  @Override
  public void run(Subject subject, Figures figures) throws InterruptedException {
    try (Loops loops = new Loops()) {
      Connections open = Connections.open(subject, loops, connections);
      long residentBefore = ProcessMemory.resident();
      Footprint before = smallRequest(subject, open);
      report("small requests before the large one", List.of(before), figures);
      open.onEach((i, allocator) -> request(allocator, LARGE_BUFFERS, LARGE_BUFFER_BYTES));
      List<Footprint> after = new ArrayList<>();
      for (int i = 0; i < SMALL_REQUESTS; i++) {
        after.add(smallRequest(subject, open));
      }
      report("small request 16 after the large one", after, figures);
      Thread.sleep(TRIM_INTERVAL.multipliedBy(2).toMillis());
      after.add(smallRequest(subject, open));
      report("two trim intervals later", after.subList(SMALL_REQUESTS, after.size()), figures);
      Thread.sleep(TRIM_INTERVAL.toMillis());
      figures.addHeld("three trim intervals later, idle", subject, residentBefore);
    }
  }

  /** What is held while every connection is in a request. */
  private record Footprint(long held, long leased) {}

  private static Footprint smallRequest(Subject subject, Connections open)
      throws InterruptedException {
    ByteBuf[] alive = new ByteBuf[open.count()];
    open.onEach((i, allocator) -> alive[i] = Buffers.touched(allocator, SMALL_BUFFER_BYTES));
    Footprint footprint = new Footprint(subject.heldBytes(), subject.leasedBytes());
    open.onEach((i, allocator) -> alive[i].release());
    open.endRequests();
    return footprint;
  }

  private static void request(ByteBufAllocator allocator, int buffers, int bytes) {
    ByteBuf[] alive = new ByteBuf[buffers];
    for (int i = 0; i < buffers; i++) {
      alive[i] = Buffers.touched(allocator, bytes);
    }
    Buffers.release(alive);
    Subject.endRequest(allocator);
  }

  private void report(String situation, List<Footprint> footprints, Figures figures) {
    List<Long> held = footprints.stream().map(Footprint::held).toList();
    figures.add(situation, Figures.UPSTREAM_HELD, Figures.BYTES, held.get(held.size() - 1), held);
    List<Long> leased = footprints.stream().map(each -> each.leased / connections).toList();
    figures.add(
        situation,
        "bytes leased per connection",
        Figures.BYTES,
        leased.get(leased.size() - 1),
        leased);
  }
}
