package dev.tidepool.echo.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SizePatternTest {
  private static int[] sizes(SizePattern pattern) {
    RequestPlan plan = new RequestPlan(pattern.sizes(), 5, 0);
    return LongStream.range(0, 20_000)
        .mapToInt(sequence -> plan.request(sequence).payload().length())
        .sorted()
        .toArray();
  }

  /** Of 87,759 recorded sizes 21,272 were 256 bytes, 10,344 were 15. */
  @Test
  void aSocketProxyHasTheRecordedSizesAsOftenAsTheyWere() {
    SizeMix mix = SizePattern.SOCKET_PROXY.sizes();
    assertThat(mix.ranges()).hasSize(87_759);
    assertThat(mix.smallest()).isEqualTo(9);
    assertThat(mix.largest()).isEqualTo(18_432);
    long common = IntStream.of(sizes(SizePattern.SOCKET_PROXY)).filter(size -> size == 256).count();
    assertThat(common).isBetween(4_500L, 5_200L);
  }

  @Test
  void halfOfAnApiGatewaysSizesAreBelowTwoKibibytes() {
    int[] sizes = sizes(SizePattern.API_GATEWAY);
    assertThat(sizes[sizes.length / 2]).isBetween(1_850, 2_150);
    assertThat(sizes[0]).isGreaterThanOrEqualTo(8);
    assertThat(sizes[sizes.length - 1]).isBetween(30_000, 1 << 20);
  }
}
