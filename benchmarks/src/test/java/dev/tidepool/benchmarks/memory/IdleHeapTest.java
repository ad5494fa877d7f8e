package dev.tidepool.benchmarks.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.benchmarks.Figures;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

class IdleHeapTest {
  private static final double MOST_BYTES = 256;

  /** In a virtual machine as the Idle suite has it, so that the bytes are those on its page. */
  @Test
  void anIdleArenaThatServedBothKindsOfMemoryIsSmall() throws Exception {
    OptionsBuilder options = new OptionsBuilder();
    options
        .include(Idle.class.getName() + "\\.Heap")
        .param("underTest", "CONNECTION")
        .param("connections", "1000")
        .param("heapToo", "true")
        .addProfiler(Figures.class)
        .verbosity(VerboseMode.SILENT);
    assertThat(new Runner(options.build()).runSingle().getSecondaryResults().values())
        .filteredOn(result -> Figures.parts(result.getLabel())[2].equals(Idle.PER_ARENA))
        .singleElement()
        .satisfies(result -> assertThat(result.getScore()).isBetween(1.0, MOST_BYTES));
  }
}
