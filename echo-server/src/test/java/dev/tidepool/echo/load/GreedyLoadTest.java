package dev.tidepool.echo.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.echo.load.SizeMix.SizeRange;
import dev.tidepool.echo.protocol.Protocol;
import dev.tidepool.echo.server.AllocatorChoice;
import dev.tidepool.echo.server.ServedSummary;
import dev.tidepool.echo.testing.TestServer;
import dev.tidepool.echo.transport.TransportChoice;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Beside connections that send and never read, a load is answered, and they are in no figure. */
class GreedyLoadTest {
  private static final int CONNECTIONS = 3;
  private static final int GREEDY = 6;
  private static final long REQUESTS = 300;

  @ParameterizedTest
  @MethodSource("dev.tidepool.echo.protocol.Protocols#all")
  void otherConnectionsAreAnswered(Protocol protocol) throws Exception {
    try (TestServer server =
        new TestServer(protocol, AllocatorChoice.CONNECTION, TransportChoice.AUTO, 1)) {
      LoadResult result = load(server, protocol);
      ServedSummary served = server.stop();

      assertThat(result.failure()).isNull();
      assertThat(result.answered()).isEqualTo(REQUESTS);
      assertThat(served.connections()).isEqualTo(CONNECTIONS + GREEDY);
      assertThat(served.memory().used()).as("memory afterwards").isZero();
    }
  }

  private static LoadResult load(TestServer server, Protocol protocol) throws Exception {
    LoadSettings settings =
        LoadSettings.builder(server.address(), protocol)
            .connections(CONNECTIONS)
            .requests(REQUESTS)
            .sizes(new SizeMix("mix", List.of(new SizeRange(64, 4096))))
            .pipeline(4)
            .seed(11)
            .threads(1)
            .connectTimeout(TestServer.PATIENCE)
            .timeout(TestServer.PATIENCE)
            .build();
    try (LoadClient client = new LoadClient(settings, TransportChoice.NIO.resolve())) {
      client.connect();
      client.connectGreedy(GREEDY);
      return client.run().join();
    }
  }
}
