package dev.tidepool.benchmarks.memory;

import static dev.tidepool.benchmarks.memory.Subject.TRIM_INTERVAL;

/**
 * What idle connections cost on the Java heap.
 *
 * @param heapToo whether they have served requests with heap buffers, beside direct ones
 */
record IdleHeap(int connections, boolean heapToo) implements Scenario {
  /** JOL remembers each object that it walks over: more connections need too much of the heap. */
  private static final int MOST_FOR_JOL = 10_000;

  @Override
  public void run(Subject subject, Figures figures) throws InterruptedException {
    SmallRequests requests = new SmallRequests(heapToo);
    try (Loops loops = new Loops()) {
      requests.serve(Connections.open(subject, loops, Loops.COUNT)); // what is made once is made
      rest();
      HeapFootprint heap = HeapFootprint.start(subject, connections <= MOST_FOR_JOL);
      Connections open = Connections.open(subject, loops, connections);
      requests.serve(open);
      rest();
      heap.report(situation(), open, figures);
    }
  }

  private static void rest() throws InterruptedException {
    Thread.sleep(TRIM_INTERVAL.multipliedBy(2).toMillis());
  }

  private String situation() {
    String kinds = heapToo ? ", heap buffers too" : "";
    return "%,d idle connections%s".formatted(connections, kinds);
  }
}
