package dev.tidepool.benchmarks.memory;

import static dev.tidepool.benchmarks.memory.Subject.TRIM_INTERVAL;

import dev.tidepool.allocator.ConnectionArena;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.stream.IntStream;

/**
 * Connections that have served requests, and now have none.
 *
 * @param heapToo whether the requests took heap buffers beside direct ones
 */
record IdleArenas(int connections, boolean heapToo) implements Scenario {
  private static final int REQUESTS = 4;
  private static final int READ_BYTES = 2048;
  private static final int[] WRITTEN_BYTES = {128, 256, 1024, 4096};

  /** JOL remembers each object that it walks over: more connections need too much of the heap. */
  private static final int MOST_FOR_JOL = 10_000;

  @Override
  public void run(Subject subject, Figures figures) throws InterruptedException {
    try (Loops loops = new Loops()) {
      serve(Connections.open(subject, loops, Loops.COUNT)); // what is made once is made
      rest();
      HeapFootprint heap = HeapFootprint.start(subject, connections <= MOST_FOR_JOL);
      long residentBefore = ProcessMemory.resident();
      Connections open = Connections.open(subject, loops, connections);
      serve(open);
      String served = "%,d connections, just served%s".formatted(connections, kinds());
      reportMemory(served, subject, residentBefore, figures);
      rest();
      String idle = "%,d idle connections%s".formatted(connections, kinds());
      reportMemory(idle, subject, residentBefore, figures);
      reportArenas(idle, subject, open, figures);
      heap.report(idle, open, figures);
    }
  }

  private String kinds() {
    return heapToo ? ", with heap buffers too" : "";
  }

  private void serve(Connections open) throws InterruptedException {
    for (int i = 0; i < REQUESTS; i++) {
      open.onEach((connection, allocator) -> serve(allocator));
    }
  }

  private void serve(ByteBufAllocator allocator) {
    ByteBuf read = allocator.directBuffer(READ_BYTES);
    for (int bytes : WRITTEN_BYTES) {
      allocator.directBuffer(bytes).writeZero(bytes).release();
    }
    read.release();
    if (heapToo) {
      allocator.heapBuffer(READ_BYTES).release();
    }
    Subject.endRequest(allocator);
  }

  private static void rest() throws InterruptedException {
    Thread.sleep(TRIM_INTERVAL.multipliedBy(2).toMillis());
  }

  private void reportMemory(
      String situation, Subject subject, long residentBefore, Figures figures) {
    figures.add(situation, Figures.UPSTREAM_HELD, Figures.BYTES, subject.heldBytes());
    figures.add(
        situation,
        Figures.UPSTREAM_HELD + " per connection",
        Figures.BYTES,
        (double) subject.heldBytes() / connections);
    figures.add(
        situation, Figures.RSS_RISE, Figures.BYTES, ProcessMemory.resident() - residentBefore);
  }

  private static void reportArenas(
      String situation, Subject subject, Connections open, Figures figures) {
    if (subject.hasConnectionArenas()) {
      figures.add(situation, "blocks leased", Figures.COUNT, leasedBlocks(open));
      figures.add(situation, "bytes leased", Figures.BYTES, subject.leasedBytes());
    }
  }

  private static int leasedBlocks(Connections open) {
    return IntStream.range(0, open.count())
        .mapToObj(open::allocator)
        .filter(ConnectionArena.class::isInstance)
        .mapToInt(each -> ((ConnectionArena) each).metric().leasedBlocks())
        .sum();
  }
}
