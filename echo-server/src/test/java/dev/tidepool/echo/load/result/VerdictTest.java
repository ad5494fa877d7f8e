package dev.tidepool.echo.load.result;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.echo.load.ErrorCause;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VerdictTest {
  @Test
  void withoutARateTheThroughputIsSaid() {
    Verdict verdict = Verdict.of(Results.of(1_000), null);
    assertThat(verdict)
        .returns(true, Verdict::valid)
        .returns(false, Verdict::clientWasBottleneck)
        .returns(null, Verdict::rateReached);
    assertThat(verdict.text())
        .isEqualTo(
            "The server answered 100 requests a second; the client was not the bottleneck: its"
                + " busiest event loop used 10 % of a core.");
  }

  @Test
  void aRateIsReachedByNinetyNineInAHundred() {
    assertThat(Verdict.of(Results.of(990), 100.0).rateReached()).isTrue();
    assertThat(Verdict.of(Results.of(988), 100.0).rateReached()).isFalse();
    assertThat(Verdict.of(Results.of(988), 100.0).text())
        .startsWith("The rate of 100 requests a second was NOT reached (answered: 99)");
  }

  /** Of a hundred and fifty that the schedule had, fifty were cut off. */
  @Test
  void whatIsCutOffAsAskedForIsNotMissed() {
    Results.Builder cut = new Results.Builder().scheduled(100L);
    assertThat(Verdict.of(cut.answered(100).build(), 15.0).rateReached()).isTrue();
    assertThat(Verdict.of(cut.answered(97).build(), 15.0).rateReached()).isFalse();
  }

  /** The connections have all that they may have under way: the server is what is slow. */
  @Test
  void aRateThatIsMissedIsValid() {
    assertThat(Verdict.of(Results.of(500), 100.0).valid()).isTrue();
  }

  @Test
  void aBusyClientIsTheBottleneck() {
    Results.Builder busy = new Results.Builder().busiestLoop(Duration.ofMillis(9_100));
    assertThat(Verdict.of(busy.build(), null))
        .returns(true, Verdict::clientWasBottleneck)
        .returns(true, Verdict::valid);
    assertThat(Verdict.of(busy.build(), 100.0))
        .returns(true, Verdict::clientWasBottleneck)
        .returns(false, Verdict::valid);
    assertThat(Verdict.of(busy.build(), 100.0).text())
        .contains("the client was the BOTTLENECK: its busiest event loop used 91 % of a core");
    assertThat(Verdict.of(new Results.Builder().busiestLoop(Duration.ofSeconds(9)).build(), 100.0))
        .returns(false, Verdict::clientWasBottleneck);
  }

  /** Four event loops on two processors, each with half of one. */
  @Test
  void aClientThatUsesAllProcessorsIsTheBottleneckThoughNoLoopIsBusy() {
    Results.Builder busy =
        new Results.Builder()
            .busiestLoop(Duration.ofSeconds(5))
            .cpuPerProcessor(Duration.ofMillis(9_600));
    assertThat(Verdict.of(busy.build(), 100.0))
        .returns(true, Verdict::clientWasBottleneck)
        .returns(false, Verdict::valid);
    assertThat(Verdict.of(busy.build(), 100.0).text())
        .contains("the client was the BOTTLENECK: its process used 96 % of all processors");
    busy.cpuPerProcessor(Duration.ofSeconds(9));
    assertThat(Verdict.of(busy.build(), 100.0)).returns(false, Verdict::clientWasBottleneck);
  }

  @Test
  void aLateClientIsTheBottleneck() {
    Results.Builder late = new Results.Builder().latestSend(Duration.ofNanos(10_000_001));
    assertThat(Verdict.of(late.build(), 100.0)).returns(false, Verdict::valid);
    assertThat(Verdict.of(late.build(), 100.0).text())
        .contains("the client was the BOTTLENECK: it sent up to 10.00 ms late");
    assertThat(Verdict.of(new Results.Builder().latestSend(Duration.ofMillis(10)).build(), 100.0))
        .returns(true, Verdict::valid);
  }

  @Test
  void errorsAreSaid() {
    Results.Builder failed = new Results.Builder().errors(Map.of(ErrorCause.RESET, 2L));
    assertThat(Verdict.of(failed.build(), null).text()).contains(", with 2 errors;");
    assertThat(Verdict.of(failed.gaveUp().build(), null).text())
        .contains(", with 2 errors until the load gave up;");
  }
}
