package dev.tidepool.echo.server;

import static dev.tidepool.echo.testing.TestClient.bytes;
import static dev.tidepool.echo.testing.TestClient.frame;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.echo.figures.Addresses;
import dev.tidepool.echo.live.LiveSnapshot;
import dev.tidepool.echo.live.Reading;
import dev.tidepool.echo.protocol.FramedProtocol;
import dev.tidepool.echo.testing.TestClient;
import dev.tidepool.echo.testing.TestServer;
import dev.tidepool.echo.transport.TransportChoice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a sampler reads of a running server. */
class ServerSourceTest {
  private static final byte[] FRAME = frame(bytes(1000, 1));

  private static Reading read(TestServer server, int limit) {
    return server.server().liveSource(connection -> false).read(limit);
  }

  @ParameterizedTest
  @MethodSource("dev.tidepool.echo.server.AllocatorChoice#named")
  void everyAllocatorHasItsTotals(AllocatorChoice allocator) throws Exception {
    try (TestServer server =
            new TestServer(new FramedProtocol(), allocator, TransportChoice.AUTO, 1);
        TestClient client = new TestClient(server.address())) {
      client.assertEchoes(FRAME);
      TestServer.await("the request is counted", () -> read(server, 10).requests() == 1);
      Reading reading = read(server, 10);
      assertThat(reading.connections()).isOne();
      assertThat(reading.heaviest()).hasSize(allocator == AllocatorChoice.CONNECTION ? 1 : 0);
      assertThat(reading.residentBytes()).isNotZero();
    }
  }

  @Test
  void aConnectionIsListedFromItsOpeningToItsEnd() throws Exception {
    try (TestServer server =
        new TestServer(
            new FramedProtocol(),
            AllocatorChoice.CONNECTION.create(),
            TransportChoice.AUTO,
            1,
            null,
            new Latencies())) {
      try (TestClient client = new TestClient(server.address())) {
        client.assertEchoes(FRAME);
        TestServer.await("a reset", () -> read(server, 10).resets() >= 1);
        LiveSnapshot.Connection seen = read(server, 10).heaviest().get(0);
        assertThat(seen.name()).isEqualTo(Addresses.text(client.localAddress()));
        assertThat(seen.protocol()).isEqualTo("framed");
        assertThat(seen.state()).isEqualTo("open");
        assertThat(seen.requests()).isGreaterThanOrEqualTo(1);
        assertThat(seen.allocatedBytes()).isGreaterThanOrEqualTo(1000);
      }
      TestServer.await("it has gone", () -> read(server, 10).connections() == 0);
    }
  }

  @Test
  void noMoreAreListedThanAskedForButAllAreCounted() throws Exception {
    try (TestServer server = TestServer.arena(new FramedProtocol(), TransportChoice.AUTO);
        TestClient one = new TestClient(server.address());
        TestClient two = new TestClient(server.address())) {
      one.assertEchoes(FRAME);
      two.assertEchoes(FRAME);
      Reading reading = read(server, 1);
      assertThat(reading.heaviest()).hasSize(1);
      assertThat(reading.walked()).isEqualTo(2);
      assertThat(reading.connections()).isEqualTo(2);
    }
  }

  @Test
  void aConnectionWithALeakIsLeaking() throws Exception {
    try (TestServer server = TestServer.arena(new FramedProtocol(), TransportChoice.AUTO);
        TestClient client = new TestClient(server.address())) {
      client.assertEchoes(FRAME);
      Reading reading = server.server().liveSource(connection -> true).read(1);
      assertThat(reading.heaviest().get(0).state()).isEqualTo("leaking");
    }
  }
}
