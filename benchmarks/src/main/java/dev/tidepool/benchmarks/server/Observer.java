package dev.tidepool.benchmarks.server;

import dev.tidepool.allocator.ConnectionOrder;
import dev.tidepool.allocator.EventRecording;
import dev.tidepool.benchmarks.memory.ClientProcess;
import dev.tidepool.benchmarks.server.ObservedServer.OpenPage;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;

/** A way to look at a server while it works. */
enum Observer {
  /** None: what two equal windows differ by. */
  NOTHING("nothing on, as a check", false) {
    @Override
    AutoCloseable begin(ObservedServer server) {
      return () -> {};
    }
  },

  PAGE("the page open, one viewer at 10 Hz", true) {
    @Override
    AutoCloseable begin(ObservedServer server) throws IOException {
      return read(server, "/api/events", 0);
    }
  },

  METRICS("/metrics scraped once a second", true) {
    @Override
    AutoCloseable begin(ObservedServer server) throws IOException {
      return read(server, "/metrics", 1_000);
    }
  },

  RECORDING("one connection of ten recorded, read at 10 Hz", false) {
    @Override
    AutoCloseable begin(ObservedServer server) {
      return record(server);
    }
  },

  FLIGHT("Flight Recorder, events as by default", false) {
    @Override
    AutoCloseable begin(ObservedServer server) {
      return fly(false);
    }
  },

  FULL_FLIGHT("Flight Recorder, all of this library's events", false) {
    @Override
    AutoCloseable begin(ObservedServer server) {
      return fly(true);
    }
  };

  private static final int EVENTS = 10_000;
  private static final int PERIOD_MILLIS = 100;
  private static final String OURS = "dev.tidepool.";

  private final String words;
  private final boolean probes;

  Observer(String words, boolean probes) {
    this.words = words;
    this.probes = probes;
  }

  /** Looks at {@code server} until it is closed. */
  abstract AutoCloseable begin(ObservedServer server) throws IOException;

  String words() {
    return words;
  }

  /** Whether the server has to measure latencies for it, as with {@code serve --ui}. */
  boolean probes() {
    return probes;
  }

  /** Whether it works on threads of its own, whatever the number of requests. */
  boolean hasThreads() {
    return probes || this == RECORDING;
  }

  private static AutoCloseable read(ObservedServer server, String path, long pause)
      throws IOException {
    OpenPage page = server.openPage();
    ClientProcess reader = ClientProcess.start(PageReader.class, List.of(page.port(), path, pause));
    var unused = reader.awaitEchoed(); // the first has come
    return () -> {
      reader.close();
      page.close();
    };
  }

  private static AutoCloseable record(ObservedServer server) {
    EventRecording recording =
        server
            .arenas()
            .connections(1, ConnectionOrder.BUSIEST)
            .first()
            .get(0)
            .arena()
            .recordEvents(EVENTS);
    AtomicLong seen = new AtomicLong();
    ScheduledExecutorService reader = Executors.newSingleThreadScheduledExecutor();
    reader.scheduleAtFixedRate(
        () -> recording.eventsSince(seen.get()).forEach(event -> seen.set(event.sequence())),
        PERIOD_MILLIS,
        PERIOD_MILLIS,
        TimeUnit.MILLISECONDS);
    return () -> {
      reader.shutdownNow();
      recording.close();
    };
  }

  private static AutoCloseable fly(boolean all) {
    Recording recording = new Recording();
    if (all) {
      FlightRecorder.getFlightRecorder().getEventTypes().stream()
          .map(type -> type.getName())
          .filter(name -> name.startsWith(OURS))
          .forEach(recording::enable);
    }
    recording.start();
    return recording;
  }
}
