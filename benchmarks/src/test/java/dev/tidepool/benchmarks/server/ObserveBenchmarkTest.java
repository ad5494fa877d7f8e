package dev.tidepool.benchmarks.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.benchmarks.Figures;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A round in small has all that it tells of, whatever the figures are. */
class ObserveBenchmarkTest {
  @Test
  void aRoundHasTheFiguresOfEachObserver() throws Exception {
    ObserveBenchmark benchmark = new ObserveBenchmark();
    benchmark.millis = 50;
    benchmark.open();
    try {
      benchmark.round();
    } finally {
      benchmark.close();
    }
    var found = Figures.take();
    assertThat(found)
        .filteredOn(result -> result.getScoreUnit().equals(Figures.RATIO))
        .hasSize(2 * Observer.values().length)
        .allMatch(result -> result.getScore() > 0);
    List<String> situations =
        found.stream().map(result -> Figures.parts(result.getLabel())[1]).toList();
    for (Observer observer : Observer.values()) {
      assertThat(situations)
          .filteredOn(observer.words()::equals)
          .hasSize(observer.hasThreads() ? 3 : 2);
    }
  }
}
