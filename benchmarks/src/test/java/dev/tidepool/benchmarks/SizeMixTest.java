package dev.tidepool.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.benchmarks.SizeMix.Weight;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sizes are drawn as often as they should be, and always the same ones. */
final class SizeMixTest {
  private static final int COUNT = 100_000;

  @ParameterizedTest
  @EnumSource(SizeMix.class)
  void theSameSeedDrawsTheSameSizes(SizeMix mix) {
    int[] drawn = mix.draw(1000, 7);
    assertThat(mix.draw(1000, 7)).isEqualTo(drawn);
    assertThat(mix.draw(1000, 8)).isNotEqualTo(drawn);
  }

  @Test
  void headingsAndCommentsAreNoSizes() {
    assertThat(SizeMix.parse(List.of("# recorded", "size_bytes,frequency", "", "16,3")))
        .containsExactly(new Weight(16, 3));
  }

  @Test
  void weightsDecideHowOftenASizeIsDrawn() {
    List<Weight> mix = List.of(new Weight(10, 1), new Weight(20, 0), new Weight(30, 3));
    int[] drawn = SizeMix.weighted(mix, COUNT, new Random(1));
    assertThat(share(drawn, 10)).isBetween(0.24, 0.26);
    assertThat(share(drawn, 20)).isZero();
    assertThat(share(drawn, 30)).isBetween(0.74, 0.76);
  }

  @Test
  void recordedMixIsDrawnAsRecorded() {
    List<Weight> mix = SizeMix.recorded();
    double total = mix.stream().mapToLong(Weight::frequency).sum();
    double sum = mix.stream().mapToDouble(each -> (double) each.size() * each.frequency()).sum();
    double mean = Arrays.stream(SizeMix.SOCKET_PROXY.draw(COUNT, 1)).average().orElseThrow();
    assertThat(mean).isBetween(0.97 * sum / total, 1.03 * sum / total).isBetween(2_450.0, 2_620.0);
  }

  @Test
  void apiGatewayIsLogNormalWithinItsBounds() {
    int[] drawn = SizeMix.API_GATEWAY.draw(COUNT, 1);
    Arrays.sort(drawn);
    assertThat(drawn[0]).isGreaterThanOrEqualTo(SizeMix.SMALLEST);
    assertThat(drawn[COUNT - 1]).isLessThanOrEqualTo(SizeMix.LARGEST);
    assertThat(Math.log(drawn[COUNT / 2])).isBetween(SizeMix.MU - 0.02, SizeMix.MU + 0.02);
  }

  private static double share(int[] drawn, int size) {
    return Arrays.stream(drawn).filter(each -> each == size).count() / (double) drawn.length;
  }
}
