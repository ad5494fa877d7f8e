package dev.tidepool.benchmarks.memory;

import static dev.tidepool.benchmarks.memory.Subject.TRIM_INTERVAL;

import java.io.IOException;

/** Real connections that have each echoed one message, and now have nothing to do. */
record IdleSockets(int connections) implements Scenario {
  @Override
  public void run(Subject subject, Figures figures) throws IOException, InterruptedException {
    int count = OpenFiles.atMost(connections);
    try (Loops loops = new Loops();
        EchoServer server = EchoServer.start(subject, loops, EchoAtOnce::new);
        EchoClientProcess client = EchoClientProcess.start(server.port(), count, 1, 0)) {
      long residentBefore = ProcessMemory.resident();
      client.awaitConnected();
      client.awaitEchoed();
      report("%,d sockets, just served".formatted(count), subject, residentBefore, figures);
      Thread.sleep(TRIM_INTERVAL.multipliedBy(2).toMillis());
      report("%,d idle sockets".formatted(count), subject, residentBefore, figures);
    }
  }

  private static void report(
      String situation, Subject subject, long residentBefore, Figures figures) {
    figures.add(situation, Figures.UPSTREAM_HELD, Figures.BYTES, subject.heldBytes());
    if (subject.hasConnectionArenas()) {
      figures.add(situation, "bytes leased", Figures.BYTES, subject.leasedBytes());
    }
    figures.add(
        situation, Figures.RSS_RISE, Figures.BYTES, ProcessMemory.resident() - residentBefore);
  }
}
