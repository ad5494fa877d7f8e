package dev.tidepool.benchmarks.memory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.tidepool.benchmarks.AllocatorUnderTest;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What a scenario measures is what it says, in small, where that is known. */
class ScenariosTest {
  private static final int WINDOWS = 2;

  /** Its figures, by their names; of one situation, or of the last. */
  private static Map<String, Double> run(Scenario scenario, AllocatorUnderTest allocator)
      throws Exception {
    Figures figures = new Figures(Suite.LOAD, allocator);
    scenario.run(new Subject(allocator), figures);
    List<Object> rows = JSON.std.listOfFrom(Object.class, figures.toJson());
    return rows.stream()
        .map(row -> (Map<?, ?>) row)
        .collect(
            Collectors.toMap(
                row -> (String) row.get("figure"),
                row -> ((Number) row.get("value")).doubleValue(),
                (first, last) -> last));
  }

  @Test
  void withoutAPoolACumulationHoldsItself() throws Exception {
    assertThat(run(new KeptCumulations(64 * 1024), AllocatorUnderTest.UNPOOLED))
        .containsEntry("upstream bytes held per byte alive", 1.0);
  }

  @Test
  void anUploadIsHeldUntilItsAnswer() throws Exception {
    for (boolean aggregate : new boolean[] {true, false}) {
      Uploads uploads = new Uploads(2_000_000, 100_000, aggregate);
      assertThat(run(uploads, AllocatorUnderTest.UNPOOLED))
          .containsEntry("uploads", 3.0)
          .hasEntrySatisfying(
              "peak upstream bytes held", held -> assertThat(held).isBetween(2e6, 9e6));
    }
  }

  /** Each connection's is in a buffer of its own. */
  @Test
  void theByteOfTheNextRequestIsKept() throws Exception {
    assertThat(run(new LargeAnswers(3), AllocatorUnderTest.UNPOOLED))
        .hasEntrySatisfying(
            Figures.UPSTREAM_HELD, held -> assertThat(held).isBetween(3.0, 3.0 * 64 * 1024));
  }

  @Test
  void largeMessagesComeBackWhole() throws Exception {
    assertThat(run(new LoadThenSilence(3, 0, 0), AllocatorUnderTest.UNPOOLED))
        .containsEntry("messages echoed", 6.0)
        .containsEntry(Figures.UPSTREAM_HELD, 0.0);
  }

  @Test
  void messagesComeBackOverTls() throws Exception {
    assertThat(run(new TlsLoad(3, 0), AllocatorUnderTest.UNPOOLED))
        .containsEntry("messages echoed", 3.0);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aLoadIsMeasuredWithAndWithoutATrim() throws Exception {
    assertThat(run(new NativeTrim(WINDOWS, 16 << 20, true), AllocatorUnderTest.CONNECTION))
        .hasEntrySatisfying("messages without", count -> assertThat(count).isPositive())
        .hasEntrySatisfying("the trim took", millis -> assertThat(millis).isPositive())
        .containsKey("p99.9 with to p99.9 without, 95 % to");
  }
}
