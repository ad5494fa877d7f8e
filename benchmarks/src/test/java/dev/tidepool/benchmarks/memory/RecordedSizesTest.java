package dev.tidepool.benchmarks.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RecordedSizesTest {
  private final RecordedSizes sizes =
      new RecordedSizes(List.of("# why", "size_bytes,frequency", "9,2", "13,1", "15,3"), 1);

  @Test
  void everySizeComesAsOftenAsRecorded() {
    assertThat(IntStream.range(0, 6).map(sizes::sizeAt)).containsExactly(9, 9, 13, 15, 15, 15);
    assertThat(IntStream.generate(sizes::next).limit(100)).containsOnly(9, 13, 15);
  }

  @Test
  void theRecordIsInTheJar() {
    RecordedSizes proxy = RecordedSizes.socketProxy(1);
    double mean = IntStream.generate(proxy::next).limit(100_000).average().orElseThrow();
    assertThat(mean).isBetween(2_450.0, 2_620.0);
  }

  @Test
  void theSameSeedGivesTheSameSizes() {
    RecordedSizes one = RecordedSizes.socketProxy(7);
    RecordedSizes other = RecordedSizes.socketProxy(7);
    assertThat(IntStream.generate(one::next).limit(100))
        .containsExactly(
            IntStream.generate(other::next).limit(100).boxed().toArray(Integer[]::new));
  }
}
