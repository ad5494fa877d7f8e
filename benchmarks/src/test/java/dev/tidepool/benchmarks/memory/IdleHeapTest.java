package dev.tidepool.benchmarks.memory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.tidepool.benchmarks.AllocatorUnderTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IdleHeapTest {
  private static final double MOST_BYTES = 256;
  private static final int TIMEOUT_SECONDS = 60;

  /** In a virtual machine as the Idle suite has it, so that the bytes are those on its page. */
  @Test
  void anIdleArenaThatServedBothKindsOfMemoryIsSmall() throws Exception {
    List<?> arguments =
        List.of(Suite.IDLE.name(), "heap-1000-both-kinds", AllocatorUnderTest.CONNECTION, false);
    String json =
        Jvm.current()
            .run(ScenarioMain.class, Jvm.MEASURED_HEAP, arguments, TIMEOUT_SECONDS)
            .orElseThrow();
    assertThat(JSON.std.listOfFrom(Object.class, json))
        .map(figure -> (Map<?, ?>) figure)
        .filteredOn(figure -> "heap bytes per arena (JOL)".equals(figure.get("figure")))
        .singleElement()
        .satisfies(figure -> assertThat((Double) figure.get("value")).isBetween(1.0, MOST_BYTES));
  }
}
