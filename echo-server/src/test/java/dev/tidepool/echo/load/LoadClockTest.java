package dev.tidepool.echo.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.echo.protocol.FramedProtocol;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The time of a hundred requests. */
class LoadClockTest {
  private final LoadTally tally = new LoadTally();

  private LoadClock clock(@Nullable Double rate) {
    LoadSettings settings =
        LoadSettings.builder(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 1), new FramedProtocol())
            .requests(100L)
            .ratePerSecond(rate)
            .build();
    return new LoadClock(settings, tally, new ClientCpu(List.of()));
  }

  @Test
  void theTimeOfAScheduleIsWithoutTheWaitForTheLastAnswer() {
    LoadClock clock = clock(100_000.0);
    clock.begin(-Duration.ofSeconds(1).toNanos(), null); // the last answer came after a second
    clock.allAnswered();
    assertThat(clock.result(false))
        .returns(Duration.ofMillis(1), LoadResult::elapsed)
        .returns(100L, LoadResult::scheduled);
  }

  @Test
  void withoutAScheduleTheLastAnswerIsWithinTheTime() {
    LoadClock clock = clock(null);
    clock.begin(-Duration.ofSeconds(1).toNanos(), null);
    clock.allAnswered();
    LoadResult result = clock.result(false);
    assertThat(result.elapsed()).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    assertThat(result.scheduled()).isNull();
  }
}
