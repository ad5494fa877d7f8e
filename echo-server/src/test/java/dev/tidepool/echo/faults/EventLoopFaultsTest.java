package dev.tidepool.echo.faults;

import static dev.tidepool.echo.testing.TestClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.ArenaLifecycleHandler;
import dev.tidepool.allocator.Checks;
import dev.tidepool.allocator.ConnectionArena;
import dev.tidepool.echo.load.LoadClient;
import dev.tidepool.echo.load.LoadResult;
import dev.tidepool.echo.load.LoadSettings;
import dev.tidepool.echo.load.SizeMix;
import dev.tidepool.echo.load.SizeMix.SizeRange;
import dev.tidepool.echo.protocol.RawProtocol;
import dev.tidepool.echo.testing.HandlerServer;
import dev.tidepool.echo.testing.TestClient;
import dev.tidepool.echo.testing.TestServer;
import dev.tidepool.echo.transport.TransportChoice;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Event loops that go away under a load, and channels that leave theirs for another. */
class EventLoopFaultsTest {
  private static final int MOVES = 100;
  private static final int SHUTDOWNS = 3;
  private static final int CONNECTIONS = 8;

  @ParameterizedTest
  @EnumSource(TransportChoice.class)
  void shutDownUnderLoad(TransportChoice transport) throws Exception {
    try (HandlerServer server =
        new HandlerServer(transport, Checks.OFF, ChannelInboundHandlerAdapter::new)) {
      for (int i = 0; i < SHUTDOWNS; i++) {
        try (LoadClient client = new LoadClient(settings(server), TransportChoice.NIO.resolve())) {
          client.connect();
          CompletableFuture<LoadResult> load = client.run();
          // A loop that ends closes the channels it has, not one that it is about to register.
          TestServer.await(
              "all connections to be open",
              () -> server.allocator().metric().openArenas() == CONNECTIONS);
          TestServer.await("the load to run", () -> client.tally().answered() > 500);
          server.shutLoopsDown();
          TestServer.await("errors", () -> client.tally().errors() > 0);
          client.interrupt();
          LoadResult result = load.get(TestServer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
          assertThat(result.bytesMismatched()).isZero();
          assertThat(result.failure()).as("the load broke off").isNotNull();
          server.assertMemoryReturned();
          System.out.printf(
              "event loops shut down under load, %s: after %d requests, %s%n",
              transport, result.answered(), server.allocator().metric());
        }
        server.start();
        try (TestClient next = new TestClient(server.address())) {
          next.assertEchoes(bytes(5000, i));
        }
      }
    }
  }

  private static LoadSettings settings(HandlerServer server) {
    return LoadSettings.builder(server.address(), new RawProtocol())
        .connections(CONNECTIONS)
        .duration(Duration.ofMinutes(1))
        .sizes(new SizeMix("1..64K", List.of(new SizeRange(1, 64 << 10))))
        .pipeline(4)
        .seed(11)
        .threads(1)
        .connectTimeout(TestServer.PATIENCE)
        .timeout(Duration.ofSeconds(5))
        .build();
  }

  /** What was written before the move has been read by the client: nothing of it is under way. */
  @ParameterizedTest
  @EnumSource(
      value = TransportChoice.class,
      names = {"NIO", "EPOLL"})
  void aChannelMovesToAnotherLoop(TransportChoice transport) throws Exception {
    try (HandlerServer server =
            new HandlerServer(transport, Checks.OFF, ChannelInboundHandlerAdapter::new);
        TestClient client = new TestClient(server.address())) {
      Channel channel = server.accepted();
      for (int i = 0; i < MOVES; i++) {
        client.assertEchoes(bytes(1 + i * 97, i));
        ConnectionArena before = ArenaLifecycleHandler.arena(channel);
        channel.deregister().sync();
        client.send(bytes(20_000, i)); // arrives while no event loop reads
        server.loops().register(channel).sync();
        assertThat(client.receive(20_000)).isEqualTo(bytes(20_000, i));
        assertThat(ArenaLifecycleHandler.arena(channel)).isNotNull().isNotSameAs(before);
      }
      server.assertNothingThrown();
      System.out.printf(
          "a channel moved %d times, %s: %s%n", MOVES, transport, server.allocator().metric());
    }
  }
}
