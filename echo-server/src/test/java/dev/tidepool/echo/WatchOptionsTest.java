package dev.tidepool.echo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.ConnectionOrder;
import dev.tidepool.echo.live.LatencySource;
import dev.tidepool.echo.live.LiveSnapshot;
import dev.tidepool.echo.live.LiveSource;
import dev.tidepool.echo.live.Reading;
import dev.tidepool.echo.testing.NamedThreads;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who gets the line every ten seconds. */
class WatchOptionsTest implements LiveSource {
  private final WatchOptions options = new WatchOptions();

  @Override
  public Reading read(int limit) {
    return new Reading(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, List.of(), List.of());
  }

  @Override
  public List<LiveSnapshot.Connection> connections(int limit, ConnectionOrder order) {
    return List.of();
  }

  private Watch open(boolean page) throws IOException {
    LiveSnapshot.Server server =
        new LiveSnapshot.Server("raw", "nio", "arena", "127.0.0.1:7", false, "off");
    LiveView live = new LiveView(this, LatencySource.NONE, server);
    return options.open(live, new PrintWriter(Writer.nullWriter()), page);
  }

  @Test
  void aServerWithoutPagePrintsLines() throws Exception {
    try (Watch watch = open(false)) {
      assertThat(watch).isNotSameAs(Watch.NONE);
      assertThat(watch.ended().toCompletableFuture()).isNotDone();
      NamedThreads.await("echo-lines", 1);
    }
    NamedThreads.await("echo-lines", 0);
  }

  @Test
  void aServerWithAPageAndAQuietOneDoNot() throws Exception {
    assertThat(open(true)).isSameAs(Watch.NONE);
    options.quiet = true;
    assertThat(open(false)).isSameAs(Watch.NONE);
  }
}
