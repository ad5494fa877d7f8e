package dev.tidepool.benchmarks.memory;

import static dev.tidepool.benchmarks.memory.Subject.TRIM_INTERVAL;

import java.io.IOException;

/** Real connections that have each echoed one message, and now have nothing to do. */
record IdleSockets(int connections) implements Scenario {
  @Override
  public void run(Subject subject, Figures figures) throws IOException, InterruptedException {
    Talk talk = Talk.echo(connections, 1024, 1, 0).withinLimits();
    try (Loops loops = new Loops();
        LoopbackServer server = LoopbackServer.start(subject, loops, EchoAtOnce::new);
        ClientProcess client = ClientProcess.start(server.port(), talk)) {
      long residentBefore = ProcessMemory.resident();
      client.awaitConnected();
      client.awaitEchoed();
      report(
          "%,d sockets, just served".formatted(talk.connections()),
          subject,
          residentBefore,
          figures);
      Thread.sleep(TRIM_INTERVAL.multipliedBy(2).toMillis());
      report("%,d idle sockets".formatted(talk.connections()), subject, residentBefore, figures);
    }
  }

  private static void report(
      String situation, Subject subject, long residentBefore, Figures figures) {
    figures.addHeld(situation, subject, residentBefore);
    if (subject.hasConnectionArenas()) {
      figures.add(situation, "bytes leased", Figures.BYTES, subject.leasedBytes());
    }
  }
}
