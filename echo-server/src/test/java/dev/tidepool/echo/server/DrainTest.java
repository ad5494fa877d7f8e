package dev.tidepool.echo.server;

import static dev.tidepool.echo.testing.TestClient.bytes;
import static dev.tidepool.echo.testing.TestClient.concat;
import static dev.tidepool.echo.testing.TestClient.frame;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.echo.protocol.FramedProtocol;
import dev.tidepool.echo.testing.TestClient;
import dev.tidepool.echo.testing.TestServer;
import dev.tidepool.echo.transport.TransportChoice;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a stopping server does with requests that are under way. */
class DrainTest {
  private static final byte[] FIRST = frame(bytes(500, 1));
  private static final byte[] SECOND = frame(bytes(5000, 2));
  private static final byte[] SECONDS_HEAD = Arrays.copyOf(SECOND, 3000);
  private static final byte[] SECONDS_TAIL = Arrays.copyOfRange(SECOND, 3000, SECOND.length);

  @ParameterizedTest
  @EnumSource(TransportChoice.class)
  void aRequestUnderWayIsStillAnswered(TransportChoice transport) throws Exception {
    try (TestServer server = TestServer.arena(new FramedProtocol(), transport);
        TestClient client = new TestClient(server.address())) {
      client.send(concat(FIRST, SECONDS_HEAD));
      assertThat(client.receive(FIRST.length)).isEqualTo(FIRST);

      CompletableFuture<ServedSummary> stopping = CompletableFuture.supplyAsync(server::stop);
      awaitRefusal(server.address());
      client.send(SECONDS_TAIL);

      assertThat(client.receive(SECOND.length)).isEqualTo(SECOND);
      client.assertEnd();
      client.leave();
      ServedSummary served = stopping.get(TestServer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertThat(served.requests()).isEqualTo(2);
      assertThat(served.errors()).isZero();
      assertThat(served.memory().used()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(TransportChoice.class)
  void anIdleConnectionDoesNotHoldTheServerUp(TransportChoice transport) throws Exception {
    try (TestServer server = TestServer.arena(new FramedProtocol(), transport);
        TestClient client = new TestClient(server.address())) {
      client.assertEchoes(FIRST);
      ServedSummary served = server.stop(Duration.ofDays(1));
      client.assertEnd();
      assertThat(served.errors()).isZero();
      assertThat(served.memory().used()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(TransportChoice.class)
  void aRequestThatNeverEndsIsCutOffAtTheTimeout(TransportChoice transport) throws Exception {
    try (TestServer server = TestServer.arena(new FramedProtocol(), transport);
        TestClient client = new TestClient(server.address())) {
      client.send(concat(FIRST, SECONDS_HEAD));
      assertThat(client.receive(FIRST.length)).isEqualTo(FIRST);

      ServedSummary served = server.stop(Duration.ofMillis(100));
      client.assertClosed();
      assertThat(server.nextFault()).contains("2996 of the 5000 bytes of a frame's payload");
      assertThat(served.errors()).isEqualTo(1);
      assertThat(served.memory().used()).isZero();
    }
  }

  private static void awaitRefusal(InetSocketAddress address) throws InterruptedException {
    long deadline = System.nanoTime() + TestServer.PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
        assertThat(socket.isConnected()).isTrue();
        TimeUnit.MILLISECONDS.sleep(1);
      } catch (IOException e) {
        return;
      }
    }
    throw new AssertionError("the server still accepts, expected it to refuse");
  }
}
