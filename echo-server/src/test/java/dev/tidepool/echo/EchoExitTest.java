package dev.tidepool.echo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.echo.load.ErrorCause;
import dev.tidepool.echo.load.LoadResult;
import dev.tidepool.echo.load.result.LoadReport;
import dev.tidepool.echo.load.result.Results;
import dev.tidepool.echo.load.result.ServerSide;
import dev.tidepool.echo.load.result.Threshold;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EchoExitTest {
  private static final LoadResult GOOD = Results.of(1_000);
  private static final LoadResult RESET =
      new Results.Builder().errors(Map.of(ErrorCause.RESET, 2L)).build();
  private static final LoadResult BUSY =
      new Results.Builder().busiestLoop(Duration.ofMillis(9_900)).build();

  private static int exit(
      LoadResult result, @Nullable Double rate, boolean strict, String... thresholds) {
    return EchoExit.of(report(result, rate, null, thresholds), strict);
  }

  private static LoadReport report(
      LoadResult result, @Nullable Double rate, @Nullable ServerSide server, String... thresholds) {
    List<Threshold> limits = Arrays.stream(thresholds).map(Threshold::parse).toList();
    return LoadReport.of(result, Results.configuration(rate), server, limits, List.of());
  }

  @Test
  void aGoodResultIsZero() {
    assertThat(exit(GOOD, null, true, "p50<1ms", "rate>=100")).isZero();
    assertThat(exit(GOOD, 100.0, true)).isZero();
  }

  @Test
  void errorsAreOneUnlessAThresholdLimitsThem() {
    assertThat(exit(RESET, null, false)).isEqualTo(1);
    assertThat(exit(RESET, null, false, "p50<1ns")).isEqualTo(1);
    assertThat(exit(RESET, null, false, "errors<3")).isZero();
    assertThat(exit(RESET, null, false, "errors%<0.1")).isEqualTo(99);
  }

  /** A threshold says how many errors a whole run may have. */
  @Test
  void aRunThatGaveUpOrHadNoAnswerIsOneWhateverTheThresholds() {
    Map<ErrorCause, Long> timeouts = Map.of(ErrorCause.TIMEOUT, 2L);
    LoadResult gaveUp = new Results.Builder().errors(timeouts).gaveUp().build();
    assertThat(exit(gaveUp, null, false, "errors<5")).isEqualTo(1);
    assertThat(exit(gaveUp, null, false, "errors<5", "p50<1ns")).isEqualTo(1);
    Results.Builder unanswered = new Results.Builder().answered(0).errors(timeouts);
    assertThat(exit(unanswered.build(), null, false, "errors<5")).isEqualTo(1);
    assertThat(exit(Results.of(0), null, false)).isEqualTo(1);
    assertThat(exit(unanswered.interrupted().build(), null, false, "errors<5")).isEqualTo(130);
  }

  @Test
  void aWrongByteAndALeakAreThree() {
    LoadResult wrong =
        new Results.Builder().errors(Map.of(ErrorCause.MISMATCH, 1L)).mismatched(1).build();
    assertThat(exit(wrong, null, false, "errors<5")).isEqualTo(3);
    ServerSide leaking = ServerSide.of(Results.server(1, 1, 4), Results.server(2, 2, 5));
    ServerSide leaked = ServerSide.of(Results.server(1, 1, 5), Results.server(2, 2, 5));
    assertThat(EchoExit.of(report(GOOD, null, leaking), false)).isEqualTo(3);
    assertThat(EchoExit.of(report(GOOD, null, leaked), false)).isZero();
    ServerSide late =
        ServerSide.of(Results.server(1, 1, 5), Results.server(2, 2, 5), Results.server(2, 3, 6));
    assertThat(EchoExit.of(report(GOOD, null, late), false)).isEqualTo(3);
  }

  @Test
  void anInvalidRunIsFourAndSoIsABusyClientIfThatIsStrict() {
    assertThat(exit(BUSY, 100.0, false)).isEqualTo(4);
    assertThat(exit(BUSY, 100.0, false, "p50<1ns")).isEqualTo(4);
    assertThat(exit(BUSY, null, false)).isZero();
    assertThat(exit(BUSY, null, true)).isEqualTo(4);
  }

  @Test
  void aMissedThresholdIsNinetyNine() {
    assertThat(exit(GOOD, null, false, "p50<1ms", "p50<1ns")).isEqualTo(99);
  }
}
