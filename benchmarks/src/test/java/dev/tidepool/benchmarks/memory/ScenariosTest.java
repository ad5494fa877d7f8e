package dev.tidepool.benchmarks.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.benchmarks.AllocatorUnderTest;
import dev.tidepool.benchmarks.Figures;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** What a scenario measures is what it says, in small, where that is known. */
class ScenariosTest {
  private static final double MOST_BYTES = 256;

  /** Its figures, by their names; of one situation, or of the last. */
  private static Map<String, Double> run(MemoryBenchmark scenario, AllocatorUnderTest allocator)
      throws Exception {
    scenario.underTest = allocator;
    scenario.create();
    scenario.measure();
    return Figures.take().stream()
        .collect(
            Collectors.toMap(
                result -> Figures.parts(result.getLabel())[2],
                result -> result.getScore(),
                (first, last) -> last));
  }

  @Test
  void withoutAPoolACumulationHoldsItself() throws Exception {
    Stragglers.Cumulations cumulations = new Stragglers.Cumulations();
    cumulations.kib = 64;
    assertThat(run(cumulations, AllocatorUnderTest.UNPOOLED))
        .containsEntry("upstream bytes held per byte alive", 1.0);
  }

  @Test
  void anUploadIsHeldUntilItsAnswer() throws Exception {
    for (Uploads.Request request : Uploads.Request.values()) {
      Uploads uploads = new Uploads();
      uploads.request = request;
      uploads.divisor = 8;
      assertThat(run(uploads, AllocatorUnderTest.UNPOOLED))
          .containsEntry("uploads", 3.0)
          .hasEntrySatisfying(
              "peak upstream bytes held", held -> assertThat(held).isBetween(2e6, 9e6));
    }
  }

  /** Each connection's is in a buffer of its own. */
  @Test
  void theByteOfTheNextRequestIsKept() throws Exception {
    Ratchet.LargeAnswers answers = new Ratchet.LargeAnswers();
    answers.sockets = 3;
    assertThat(run(answers, AllocatorUnderTest.UNPOOLED))
        .hasEntrySatisfying(Figures.HELD, held -> assertThat(held).isBetween(3.0, 3.0 * 64 * 1024));
  }

  @Test
  void largeMessagesComeBackWhole() throws Exception {
    Load.Silence load = new Load.Silence();
    load.talking = 3;
    assertThat(run(load, AllocatorUnderTest.UNPOOLED))
        .containsEntry("messages echoed", 6.0)
        .containsEntry(Figures.HELD, 0.0);
  }

  @Test
  void messagesComeBackOverTls() throws Exception {
    Load.WithTls load = new Load.WithTls();
    load.tls = 3;
    assertThat(run(load, AllocatorUnderTest.POOLED)).containsEntry("messages echoed", 3.0);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aLoadIsMeasuredWithAndWithoutATrim() throws Exception {
    Trim trim = new Trim();
    trim.pairs = 2;
    trim.mib = 16;
    trim.stop = true;
    assertThat(run(trim, AllocatorUnderTest.CONNECTION))
        .hasEntrySatisfying("messages without", count -> assertThat(count).isPositive())
        .hasEntrySatisfying("the trim took", millis -> assertThat(millis).isPositive())
        .containsKey("p99.9 with to p99.9 without, 95 % to");
  }

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
