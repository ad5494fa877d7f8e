package dev.tidepool.echo.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.PoolSnapshot.IdleClass;
import org.junit.jupiter.api.Test;

class SampleMakerTest {
  private final LiveFixtures server = new LiveFixtures();
  private int taken;

  @Test
  void hasTheFiguresAndTheTimes() {
    SampleMaker maker = server.maker();
    server.passMillis(250);
    LiveSnapshot sample = maker.next();
    assertThat(sample.atMillis()).isEqualTo(server.millis());
    assertThat(sample.intervalMillis()).isEqualTo(250);
    assertThat(sample.header()).isEqualTo(new LiveSnapshot.Header(0, 0, 0, 1, 2, 3, 4, 6, 7, 8, 9));
    assertThat(sample.point())
        .isEqualTo(new LiveSnapshot.Point(server.millis(), 1, 2, 3, 5, 0, 0, 0, 0, 0));
    assertThat(sample.server()).isEqualTo(LiveFixtures.SERVER);
    assertThat(sample.loops())
        .containsExactly(
            new LiveSnapshot.Loop(
                "loop-1",
                false,
                16_384,
                32_768,
                0,
                0,
                java.util.List.of(new IdleClass(16_384, true, 1))));
  }

  @Test
  void ratesAreThoseOfTheLastSecond() {
    SampleMaker maker = server.maker();
    maker.next();
    for (int i = 1; i <= 20; i++) {
      server.passMillis(100);
      server.requests = 50L * i;
      server.resets = 20L * Math.max(0, i - 10);
      maker.next();
    }
    server.passMillis(100);
    LiveSnapshot sample = maker.next();
    assertThat(sample.header().requestsPerSecond()).isEqualTo(450);
    assertThat(sample.header().resetsPerSecond()).isEqualTo(180);
    assertThat(sample.point().requestsPerSecond()).isEqualTo(450);
    assertThat(sample.point().resetsPerSecond()).isEqualTo(180);
  }

  @Test
  void whatWasTrimmedLatelyIsForgottenAfterTenSeconds() {
    SampleMaker maker = server.maker();
    server.trimmed = 1_000_000;
    assertThat(maker.next().loops().get(0).trimmedLatelyBytes()).isZero(); // who knows when
    server.passMillis(1_000);
    server.trimmed = 1_000_064;
    assertThat(maker.next().loops().get(0).trimmedLatelyBytes()).isEqualTo(64);
    for (int i = 0; i < 9; i++) {
      server.passMillis(1_000);
      assertThat(maker.next().loops().get(0).trimmedLatelyBytes()).isEqualTo(64);
    }
    server.passMillis(1_000);
    LiveSnapshot.Loop loop = maker.next().loops().get(0);
    assertThat(loop.trimmedLatelyBytes()).isZero();
    assertThat(loop.trimmedBytes()).isEqualTo(1_000_064);
  }

  @Test
  void theLatencyIsTakenOnceASecond() {
    SampleMaker maker = server.maker(() -> new Latency(++taken, 10, 100));
    for (int i = 0; i < 25; i++) {
      server.passMillis(100);
      LiveSnapshot sample = maker.next();
      assertThat(sample.point().latencyP50Nanos()).isEqualTo((i + 1) / 10);
    }
    assertThat(taken).isEqualTo(2);
  }
}
