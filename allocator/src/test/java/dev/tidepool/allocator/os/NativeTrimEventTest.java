package dev.tidepool.allocator.os;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.FlightRecording;
import dev.tidepool.allocator.os.NativeTrimmer.Policy;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.Test;

/** Flight Recorder's event of a native trim. */
class NativeTrimEventTest {
  private final AtomicLong resident = new AtomicLong(10_000);

  private List<RecordedEvent> eventsOfATrim(boolean available) {
    return FlightRecording.of(
        "NativeTrim",
        () -> {
          ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
          new NativeTrimmer(() -> trim(available), resident::get, System::nanoTime, executor)
              .freed(1, new Policy(1, 0, 0));
          executor.shutdown();
          assertThat(executor.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        });
  }

  private boolean trim(boolean available) {
    resident.addAndGet(-4_000);
    return available;
  }

  @Test
  void itTellsWhatCameBack() {
    List<RecordedEvent> events = eventsOfATrim(true);
    assertThat(events).hasSize(1);
    assertThat(events.get(0).getLong("returned")).isEqualTo(4_000);
    assertThat(events.get(0).getDuration()).isPositive();
  }

  @Test
  void whereTheSystemCannotTrimNothingIsTold() {
    assertThat(eventsOfATrim(false)).isEmpty();
  }
}
