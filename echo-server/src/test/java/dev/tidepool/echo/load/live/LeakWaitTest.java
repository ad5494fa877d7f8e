package dev.tidepool.echo.load.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.echo.load.result.Results;
import dev.tidepool.echo.server.ServerFigures;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Before the load the server had a connection, two buffers of closed ones and one leak reported.
 */
class LeakWaitTest {
  private static final Duration LONG = Duration.ofHours(1);
  private static final ServerFigures IDLE = figures(1, 2, 1);
  private static final ServerFigures BEFORE = figures(5, 2, 1);

  private static ServerFigures figures(long openArenas, long buffersOfClosed, long leaks) {
    return Results.server(0, 0, openArenas, buffersOfClosed, leaks);
  }

  private static ServerFigures await(
      Duration patience, Duration closing, boolean hurried, ServerFigures... readings)
      throws IOException {
    Iterator<ServerFigures> next = List.of(readings).iterator();
    return new LeakWait(next::next, IDLE, BEFORE, patience, closing).await(() -> hurried);
  }

  @Test
  void whereNothingIsAliveNothingIsWaitedFor() throws Exception {
    assertThat(await(LONG, LONG, false, IDLE)).isEqualTo(IDLE);
  }

  @Test
  void whatIsAliveIsToBeReleasedOrReported() throws Exception {
    ServerFigures open = figures(2, 2, 1);
    ServerFigures alive = figures(1, 5, 1);
    ServerFigures reported = figures(1, 5, 4);
    ServerFigures halfReported = figures(1, 5, 3);
    assertThat(await(LONG, LONG, false, open, alive, halfReported, reported)).isEqualTo(reported);
    assertThat(await(LONG, LONG, false, alive, IDLE)).isEqualTo(IDLE);
  }

  @Test
  void connectionsOfOtherClientsMayStay() throws Exception {
    ServerFigures others = figures(9, 2, 1);
    assertThat(await(LONG, Duration.ZERO, false, others)).isEqualTo(others);
    ServerFigures reported = figures(9, 4, 3);
    assertThat(await(LONG, Duration.ZERO, false, figures(9, 4, 1), reported)).isEqualTo(reported);
  }

  @Test
  void itEndsInTimeAndWhenItIsHurried() throws Exception {
    ServerFigures alive = figures(1, 5, 1);
    assertThat(await(Duration.ZERO, Duration.ZERO, false, alive)).isEqualTo(alive);
    assertThat(await(LONG, LONG, true, alive)).isEqualTo(alive);
  }
}
