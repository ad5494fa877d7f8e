package dev.tidepool.echo;

import static dev.tidepool.echo.testing.TestClient.bytes;
import static dev.tidepool.echo.testing.TestClient.frame;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.echo.testing.ServeProcess;
import dev.tidepool.echo.testing.TestClient;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What serve shows while it runs, where there is no terminal. */
class WatchProcessTest {
  private static final Pattern ONE_CONNECTION = Pattern.compile("^\\d\\d:\\d\\d:\\d\\d +1 ");

  @ParameterizedTest
  @ValueSource(strings = {"connection", "arena", "pooled"})
  void aPipeGetsALineASecond(String allocator) throws Exception {
    try (ServeProcess serve =
            ServeProcess.start(List.of(), "--tui", "--allocator", allocator, "--event-loops", "1");
        TestClient client = new TestClient(serve.address())) {
      client.assertEchoes(frame(bytes(1000, 1)));
      serve.awaitLine("time     conns  req/s resets/s resident");
      serve.awaitLine(ONE_CONNECTION);
      serve.awaitLine(ONE_CONNECTION);
      assertThat(serve.signal("TERM")).isZero();
      assertThat(serve.output()).doesNotContain("\u001b").contains("served: 1 connection");
      assertThat(serve.errors()).isEmpty();
      assertThat(serve.output().lines()).allMatch(line -> line.length() <= 100);
    }
  }
}
