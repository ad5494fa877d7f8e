package dev.tidepool.echo.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.echo.load.LoadClient;
import dev.tidepool.echo.load.LoadResult;
import dev.tidepool.echo.load.LoadSettings;
import dev.tidepool.echo.load.LoadText;
import dev.tidepool.echo.load.SizeMix;
import dev.tidepool.echo.load.SizeMix.SizeRange;
import dev.tidepool.echo.protocol.FramedProtocol;
import dev.tidepool.echo.testing.ServeProcess;
import dev.tidepool.echo.testing.TestServer;
import dev.tidepool.echo.transport.TransportChoice;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Many connections at once, each with requests under way all the time, every byte verified: {@code
 * -Dstress.connections=} so many, for {@code -Dstress.hold=}, such as {@code PT60S}. The server has
 * a process of its own, for either side needs a file descriptor for each.
 */
@Timeout(600)
class ManyConnectionsTest {
  private static final int CONNECTIONS = Integer.getInteger("stress.connections", 1000);
  private static final Duration HOLD = Duration.parse(System.getProperty("stress.hold", "PT2S"));

  @ParameterizedTest
  @ValueSource(strings = {"epoll", "io_uring"})
  void everyByteComesBackOnAllOfThem(String transport) throws Exception {
    try (ServeProcess serve =
        ServeProcess.start(List.of(), "--event-loops", "1", "--transport", transport)) {
      LoadResult result = load(serve);
      assertThat(serve.signal("TERM")).as(serve.output() + serve.errors()).isZero();
      System.out.printf(
          "%,d connections at once, %s:%n%s%n%s",
          CONNECTIONS, transport, String.join("\n", new LoadText(result).lines()), serve.output());
      assertThat(result.failure()).isNull();
      assertThat(result.bytesMismatched()).isZero();
      assertThat(result.answered()).isGreaterThanOrEqualTo(CONNECTIONS);
      assertThat(serve.output()).contains("0 errors").contains("every byte went back");
    }
  }

  private static LoadResult load(ServeProcess serve) throws Exception {
    LoadSettings settings =
        LoadSettings.builder(serve.address(), new FramedProtocol())
            .connections(CONNECTIONS)
            .duration(HOLD)
            .sizes(new SizeMix("1..16K", List.of(new SizeRange(1, 16 << 10))))
            .pipeline(1)
            .seed(13)
            .threads(1)
            .connectTimeout(TestServer.PATIENCE)
            .timeout(Duration.ofMinutes(1))
            .build();
    try (LoadClient client = new LoadClient(settings, TransportChoice.AUTO.resolve())) {
      client.connect();
      return client.run().join();
    }
  }
}
