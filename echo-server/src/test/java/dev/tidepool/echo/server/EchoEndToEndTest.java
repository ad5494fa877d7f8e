package dev.tidepool.echo.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tidepool.echo.load.LoadClient;
import dev.tidepool.echo.load.LoadResult;
import dev.tidepool.echo.load.LoadSettings;
import dev.tidepool.echo.load.SizeMix;
import dev.tidepool.echo.load.SizeMix.SizeRange;
import dev.tidepool.echo.protocol.FramedProtocol;
import dev.tidepool.echo.protocol.Protocol;
import dev.tidepool.echo.protocol.Protocols;
import dev.tidepool.echo.testing.TestServer;
import dev.tidepool.echo.transport.TransportChoice;
import dev.tidepool.echo.transport.TransportUnavailableException;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Real requests over real sockets: each allocator and protocol, the arenas on each transport. */
class EchoEndToEndTest {
  private static final long REQUESTS = 400;
  private static final int CONNECTIONS = 5;

  static Stream<Arguments> allocatorsAndProtocols() {
    return AllocatorChoice.named().stream()
        .flatMap(
            allocator ->
                Protocols.all().stream().map(protocol -> Arguments.of(allocator, protocol)));
  }

  @ParameterizedTest
  @MethodSource("allocatorsAndProtocols")
  void everyByteComesBack(AllocatorChoice allocator, Protocol protocol) throws Exception {
    echoAll(allocator, protocol, TransportChoice.AUTO);
  }

  static Stream<Arguments> transportsAndProtocols() {
    return Stream.of(TransportChoice.NIO, TransportChoice.EPOLL, TransportChoice.IO_URING)
        .flatMap(
            transport ->
                Protocols.all().stream().map(protocol -> Arguments.of(transport, protocol)));
  }

  @ParameterizedTest
  @MethodSource("transportsAndProtocols")
  void everyByteComesBackFromArenasOnEachTransport(TransportChoice transport, Protocol protocol)
      throws Exception {
    assumeThat(isAvailable(transport)).as("%s on this machine", transport).isTrue();
    echoAll(AllocatorChoice.CONNECTION, protocol, transport);
  }

  @ParameterizedTest
  @MethodSource("dev.tidepool.echo.server.AllocatorChoice#named")
  void theLargestFrameComesBack(AllocatorChoice allocator) throws Exception {
    try (TestServer server =
        new TestServer(new FramedProtocol(), allocator, TransportChoice.AUTO, 1)) {
      int largest = Protocol.LARGEST_PAYLOAD;
      SizeMix sizes = new SizeMix("largest", List.of(new SizeRange(largest, largest)));
      LoadResult result = load(settings(server, new FramedProtocol(), 1, 3, sizes));
      assertThat(result.failure()).isNull();
      assertThat(result.bytesVerified()).isEqualTo(3L * (largest + 4));
    }
  }

  @ParameterizedTest
  @MethodSource("dev.tidepool.echo.server.AllocatorChoice#named")
  void emptyFramesComeBack(AllocatorChoice allocator) throws Exception {
    try (TestServer server =
        new TestServer(new FramedProtocol(), allocator, TransportChoice.AUTO, 1)) {
      SizeMix sizes = new SizeMix("0", List.of(new SizeRange(0, 0)));
      LoadResult result = load(settings(server, new FramedProtocol(), 2, 100, sizes));
      assertThat(result.failure()).isNull();
      assertThat(result.bytesVerified()).isEqualTo(400);
    }
  }

  private static void echoAll(
      AllocatorChoice allocator, Protocol protocol, TransportChoice transport) throws IOException {
    try (TestServer server = new TestServer(protocol, allocator, transport, 2)) {
      SizeMix sizes =
          new SizeMix("mix", List.of(new SizeRange(1, 256 << 10), new SizeRange(64, 64)));
      LoadResult load = load(settings(server, protocol, CONNECTIONS, REQUESTS, sizes));
      ServedSummary served = server.stop();

      assertThat(load.failure()).isNull();
      assertThat(load.answered()).isEqualTo(REQUESTS);
      assertThat(load.bytesMismatched()).isZero();
      assertThat(load.latencies().getTotalCount()).isEqualTo(REQUESTS);
      assertThat(served.connections()).isEqualTo(CONNECTIONS);
      assertThat(served.bytes()).isEqualTo(load.bytesVerified());
      assertThat(served.errors()).isZero();
      assertMemory(allocator, served.memory());
      server.assertNoMoreFaults();
    }
  }

  private static void assertMemory(AllocatorChoice allocator, MemorySummary memory) {
    assertThat(memory.kept()).isTrue();
    if (allocator.isTidepool()) {
      assertThat(memory.used()).isZero();
      assertThat(memory.arenas().peak()).isPositive();
      assertThat(memory.arenas().upstreamAllocations()).isPositive();
      assertThat(memory.arenas().leaks()).isZero();
    } else {
      assertThat(memory.arenas()).isNull();
    }
  }

  private static LoadSettings settings(
      TestServer server, Protocol protocol, int connections, long requests, SizeMix sizes) {
    return LoadSettings.builder(server.address(), protocol)
        .connections(connections)
        .requests(requests)
        .sizes(sizes)
        .pipeline(8)
        .seed(7)
        .threads(1)
        .connectTimeout(TestServer.PATIENCE)
        .timeout(TestServer.PATIENCE)
        .build();
  }

  private static LoadResult load(LoadSettings settings) throws IOException {
    try (LoadClient client = new LoadClient(settings, TransportChoice.NIO.resolve())) {
      client.connect();
      return client.run().join();
    }
  }

  private static boolean isAvailable(TransportChoice transport) {
    try {
      transport.resolve();
      return true;
    } catch (TransportUnavailableException e) {
      return false;
    }
  }
}
