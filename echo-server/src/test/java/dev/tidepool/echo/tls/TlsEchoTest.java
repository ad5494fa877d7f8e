package dev.tidepool.echo.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.echo.load.LoadClient;
import dev.tidepool.echo.load.LoadResult;
import dev.tidepool.echo.load.LoadSettings;
import dev.tidepool.echo.load.SizeMix;
import dev.tidepool.echo.load.SizeMix.SizeRange;
import dev.tidepool.echo.protocol.Protocol;
import dev.tidepool.echo.protocol.Protocols;
import dev.tidepool.echo.server.AllocatorChoice;
import dev.tidepool.echo.server.ArenaSummary.Arena;
import dev.tidepool.echo.server.ServedSummary;
import dev.tidepool.echo.testing.TestServer;
import dev.tidepool.echo.transport.TransportChoice;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every protocol over TLS, on every transport and by both providers: a load checks every byte. */
class TlsEchoTest {
  private static final int CONNECTIONS = 3;
  private static final long REQUESTS = 120;
  private static final SizeMix SIZES =
      new SizeMix("mix", List.of(new SizeRange(1, 200 << 10), new SizeRange(64, 64)));

  static Stream<Arguments> all() {
    return Arrays.stream(TlsProvider.values())
        .flatMap(provider -> Stream.of(TransportChoice.values()).map(t -> List.of(provider, t)))
        .flatMap(
            pair ->
                Protocols.all().stream()
                    .map(protocol -> Arguments.of(pair.get(0), pair.get(1), protocol)));
  }

  @ParameterizedTest
  @MethodSource("all")
  void everyByteComesBackAndIdleConnectionsHoldNothing(
      TlsProvider provider, TransportChoice transport, Protocol protocol) throws Exception {
    ServerTls tls =
        ServerTls.selfSigned(provider, protocol.applicationProtocols(), TestServer.PATIENCE);
    try (TestServer server =
        new TestServer(protocol, AllocatorChoice.CONNECTION.create(), transport, 1, tls)) {
      ClientTls trust = ClientTls.insecure(provider, protocol.clientApplicationProtocols());
      LoadResult load = load(settings(server, protocol, trust), server, transport);
      ServedSummary served = server.stop();

      assertThat(load.failure()).isNull();
      assertThat(load.answered()).isEqualTo(REQUESTS);
      assertThat(served.bytes()).isEqualTo(load.bytesVerified());
      assertThat(served.errors()).isZero();
      assertThat(served.memory().used()).isZero();
      server.assertNoMoreFaults();
    }
  }

  private static LoadResult load(
      LoadSettings settings, TestServer server, TransportChoice transport) throws IOException {
    try (LoadClient client = new LoadClient(settings, TransportChoice.NIO.resolve())) {
      client.connect();
      LoadResult summary = client.run().join();
      List<Arena> arenas = server.server().arenas().arenas();
      assertThat(arenas).hasSize(CONNECTIONS).allMatch(arena -> arena.resets() > 10);
      assertIdle(server, transport);
      return summary;
    }
  }

  /** On io_uring a read is always under way, with its buffer. */
  private static void assertIdle(TestServer server, TransportChoice transport) {
    int most = transport == TransportChoice.IO_URING ? 1 : 0;
    TestServer.await(
        "no blocks held by idle connections",
        () ->
            server.server().arenas().arenas().stream()
                .allMatch(arena -> arena.leasedBlocks() <= most));
  }

  private static LoadSettings settings(TestServer server, Protocol protocol, ClientTls tls) {
    return LoadSettings.builder(server.address(), protocol)
        .connections(CONNECTIONS)
        .requests(REQUESTS)
        .sizes(SIZES)
        .pipeline(2)
        .seed(7)
        .threads(1)
        .connectTimeout(TestServer.PATIENCE)
        .timeout(Duration.ofSeconds(15))
        .tls(tls)
        .build();
  }
}
