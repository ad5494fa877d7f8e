package dev.tidepool.benchmarks.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessMemoryTest {
  private static final List<String> STATUS = List.of("VmHWM:\t   12 kB", "VmRSS:\t    5 kB");

  @Test
  void readsAFieldInBytes() {
    assertThat(ProcessMemory.field(STATUS, "VmRSS")).isEqualTo(5 * 1024);
    assertThat(ProcessMemory.field(STATUS, "VmHWM")).isEqualTo(12 * 1024);
  }

  @Test
  void saysWhichFieldIsMissing() {
    assertThatThrownBy(() -> ProcessMemory.field(STATUS, "VmSwap"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("VmSwap");
  }
}
