package dev.tidepool.benchmarks.memory;

import static dev.tidepool.benchmarks.memory.Subject.TRIM_INTERVAL;

import dev.tidepool.allocator.ConnectionArena;
import java.util.stream.IntStream;

/** Connections that have served requests, and now have none. */
record IdleArenas(int connections) implements Scenario {
  @Override
  public void run(Subject subject, Figures figures) throws InterruptedException {
    try (Loops loops = new Loops()) {
      long residentBefore = ProcessMemory.resident();
      Connections open = Connections.open(subject, loops, connections);
      new SmallRequests(false).serve(open);
      String served = "%,d connections, just served".formatted(connections);
      reportMemory(served, subject, residentBefore, figures);
      Thread.sleep(TRIM_INTERVAL.multipliedBy(2).toMillis());
      String idle = "%,d idle connections".formatted(connections);
      reportMemory(idle, subject, residentBefore, figures);
      reportArenas(idle, subject, open, figures);
      ProcessMemory.trimNativeHeap(); // of what the compilers used, which is the most of it
      long rise = ProcessMemory.resident() - residentBefore;
      figures.add(idle, Figures.RSS_RISE + ", after a native trim", Figures.BYTES, rise);
    }
  }

  private void reportMemory(
      String situation, Subject subject, long residentBefore, Figures figures) {
    double held = subject.heldBytes();
    figures.add(situation, Figures.UPSTREAM_HELD, Figures.BYTES, (long) held);
    figures.add(
        situation, Figures.UPSTREAM_HELD + " per connection", Figures.BYTES, held / connections);
    double rise = ProcessMemory.resident() - residentBefore;
    figures.add(situation, Figures.RSS_RISE, Figures.BYTES, (long) rise);
    figures.add(
        situation, Figures.RSS_RISE + ", per connection", Figures.BYTES, rise / connections);
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
