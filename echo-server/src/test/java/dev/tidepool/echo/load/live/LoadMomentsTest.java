package dev.tidepool.echo.load.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tidepool.echo.load.TestTally;
import dev.tidepool.echo.load.result.Results;
import dev.tidepool.echo.server.ServerFigures;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The figures of the last second, on a clock that the test moves. */
class LoadMomentsTest {
  private static final LoadPlan PLAN = new LoadPlan(100.0, Duration.ofSeconds(8), null);

  private final TestTally load = new TestTally();
  private long now = 1_000;
  private long cpu;
  private Optional<ServerFigures> server = Optional.empty();

  private LoadMoments moments() {
    return new LoadMoments(load.tally(), PLAN, () -> server, () -> now, () -> cpu);
  }

  private void seconds(double seconds) {
    now += Math.round(seconds * 1e9);
  }

  @Test
  void ratesAreThoseSinceTheLast() {
    LoadMoments moments = moments();
    for (int i = 0; i < 30; i++) {
      load.sent();
      load.answered(Duration.ofMillis(1));
    }
    seconds(2);
    assertThat(moments.next().achievedPerSecond()).isEqualTo(15);
    load.sent();
    load.answered(Duration.ofMillis(1));
    seconds(0.5);
    LoadMoment second = moments.next();
    assertThat(second.achievedPerSecond()).isEqualTo(2);
    assertThat(second.elapsedNanos()).isEqualTo(2_500_000_000L);
    assertThat(second.offeredPerSecond()).isEqualTo(100);
  }

  @Test
  void latenciesAreThoseSinceTheLast() {
    LoadMoments moments = moments();
    load.answered(Duration.ofMillis(900));
    seconds(1);
    assertThat(moments.next().maxNanos()).isCloseTo(900_000_000L, within(1_000_000L));
    for (int millis = 1; millis <= 100; millis++) {
      load.answered(Duration.ofMillis(millis));
    }
    seconds(1);
    LoadMoment second = moments.next();
    assertThat(second.p50Nanos()).isCloseTo(50_000_000L, within(100_000L));
    assertThat(second.p99Nanos()).isCloseTo(99_000_000L, within(100_000L));
    assertThat(second.maxNanos()).isCloseTo(100_000_000L, within(100_000L));
    seconds(1);
    assertThat(moments.next())
        .returns(0L, LoadMoment::p50Nanos)
        .returns(0L, LoadMoment::maxNanos)
        .returns(0.0, LoadMoment::achievedPerSecond);
  }

  @Test
  void whatIsUnderWayAndWhatFailedIsCounted() {
    LoadMoments moments = moments();
    load.sent();
    load.sent();
    load.sent();
    load.answered(Duration.ofMillis(1));
    load.failed();
    LoadMoment moment = moments.next();
    assertThat(moment.inFlight()).isEqualTo(1);
    assertThat(moment.errors()).isEqualTo(1);
  }

  @Test
  void theWarmUpAndTheShareOfTheWholeAreTold() {
    LoadMoments moments = moments();
    seconds(2);
    assertThat(moments.next())
        .returns(true, LoadMoment::warmingUp)
        .returns(0.25, LoadMoment::share);
    load.begin();
    seconds(7);
    assertThat(moments.next())
        .returns(false, LoadMoment::warmingUp)
        .returns(1.0, LoadMoment::share);
    assertThat(new LoadPlan(null, null, 200L).share(1, 50)).isEqualTo(0.25);
    assertThat(new LoadPlan(null, Duration.ofSeconds(10), 200L).share(5_000_000_000L, 50))
        .isEqualTo(0.5);
  }

  @Test
  void cpuIsInCores() {
    server = Optional.of(Results.server(0, 0, 0));
    LoadMoments moments = moments();
    cpu += 500_000_000;
    server = Optional.of(Results.server(10, 1_500_000_000, 0));
    seconds(1);
    LoadMoment moment = moments.next();
    assertThat(moment.clientCores()).isEqualTo(0.5);
    assertThat(moment.server()).isEqualTo(new LoadMoment.Server(1.5, 1 << 20, 4096));
  }

  @Test
  void aServerThatNoLongerAnswersIsLeftOut() {
    server = Optional.of(Results.server(0, 0, 0));
    LoadMoments moments = moments();
    server = Optional.empty();
    seconds(1);
    assertThat(moments.next().server()).isNull();
  }
}
