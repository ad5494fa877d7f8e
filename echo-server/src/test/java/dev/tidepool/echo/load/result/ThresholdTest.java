package dev.tidepool.echo.load.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidepool.echo.load.ErrorCause;
import dev.tidepool.echo.load.LoadResult;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Latencies of 1 µs to 10 ms, 1,000 answers a second, ten errors. */
class ThresholdTest {
  private static final LoadResult RESULT =
      new Results.Builder()
          .answered(10_000)
          .sent(10_010)
          .intended(Results.histogram(20_000))
          .errors(Map.of(ErrorCause.RESET, 6L, ErrorCause.TIMEOUT, 4L))
          .build();

  @ParameterizedTest
  @CsvSource({
    "p50<5.1ms, p50<4.9ms",
    "p99<9950us, p99<9850µs",
    "p99.9 < 10ms, p99.9<9.9ms",
    "p90<=0.01s, p90<=9000000ns",
    "max<10.1ms, max<9.9ms",
    "min<=1us, min<1us",
    "mean<5.1ms, mean<4.9ms",
    "intended.p50<10.1ms, intended.p50<9.9ms",
    "rate>=1000, rate>1000",
    "rate<=1000, rate<1000",
    "errors<=10, errors<10",
    "errors%<0.1, errors%<0.09"
  })
  void oneIsMetAndAStricterOneIsMissed(String met, String missed) {
    assertThat(Threshold.parse(met).judge(RESULT).met()).as(met).isTrue();
    assertThat(Threshold.parse(missed).judge(RESULT).met()).as(missed).isFalse();
  }

  /** One connection is cut with 99 requests under way. */
  @Test
  void aHundredthOfErrorsIsOfRequests() {
    LoadResult cut =
        new Results.Builder()
            .answered(9_901)
            .sent(10_000)
            .errors(Map.of(ErrorCause.RESET, 1L))
            .failed(99)
            .build();
    assertThat(Threshold.parse("errors%<=0.99").judge(cut).met()).isTrue();
    assertThat(Threshold.parse("errors%<0.99").judge(cut).met()).isFalse();
    assertThat(Threshold.parse("errors<2").judge(cut).met()).isTrue();
  }

  /** Nine samples beyond p99.91: not enough. */
  @Test
  void theMaximumStandsForAPercentileOfTooFewSamples() {
    Threshold.Judged judged = Threshold.parse("p99.91<9.999ms").judge(RESULT);
    assertThat(judged.actual()).isEqualTo((double) RESULT.latencies().getMaxValue());
    assertThat(judged.met()).isFalse();
    assertThat(Threshold.parse("p99.91<11ms").judge(RESULT).met()).isTrue();
  }

  @Test
  void withoutAnAnswerNoLatencyIsMet() {
    Threshold.Judged judged = Threshold.parse("max<1s").judge(Results.of(0));
    assertThat(judged.met()).isFalse();
    assertThat(judged.actual()).isNull();
    assertThat(ThresholdText.of(judged)).isEqualTo("max<1s MISSED: nothing was measured");
  }

  @Test
  void whatWasMeasuredIsSaidInTheLimitsUnit() {
    assertThat(ThresholdText.of(Threshold.parse("p50<1s").judge(RESULT)))
        .matches("p50<1s met: 5\\.00 ms");
    assertThat(ThresholdText.of(Threshold.parse("rate>1000").judge(RESULT)))
        .isEqualTo("rate>1000 MISSED: 1,000.00");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "p99",
        "p99<",
        "p99<2",
        "p99>2ms",
        "p100<2ms",
        "p99.9999<1s",
        "p<1s",
        "p1.2.3<1s",
        "median<2ms",
        "rate<2ms",
        "rate==2",
        "intended.rate>1",
        "errors<-1",
        "p99<2ms,p50<1ms",
        "p99<2m"
      })
  void anotherFormIsRefused(String text) {
    assertThatThrownBy(() -> Threshold.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("'" + text + "' is no threshold, expected a latency")
        .hasMessageEndingWith("as rate>=1000 or errors%<0.1");
  }

  @Test
  void thoseOfErrorsLimitErrors() {
    assertThat(Threshold.parse("errors<5").limitsErrors()).isTrue();
    assertThat(Threshold.parse("errors%<5").limitsErrors()).isTrue();
    assertThat(Threshold.parse("rate>5").limitsErrors()).isFalse();
  }
}
