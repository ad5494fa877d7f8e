package dev.tidepool.echo.server;

import static dev.tidepool.echo.testing.TestClient.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.echo.protocol.RawProtocol;
import dev.tidepool.echo.testing.TestClient;
import dev.tidepool.echo.testing.TestServer;
import dev.tidepool.echo.transport.TransportChoice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** RFC 862 as netcat would use it: whatever is sent comes back, until both sides have said all. */
class RawProtocolTest {

  @ParameterizedTest
  @EnumSource(TransportChoice.class)
  void linesComeBackOneByOne(TransportChoice transport) throws Exception {
    try (TestServer server = TestServer.arena(new RawProtocol(), transport);
        TestClient client = new TestClient(server.address())) {
      client.assertEchoes("the tide comes in\n".getBytes(UTF_8));
      client.assertEchoes("the tide goes out\n".getBytes(UTF_8));
      client.leave();
      ServedSummary served = server.stop();
      assertThat(served.bytes()).isEqualTo(36);
      assertThat(served.errors()).isZero();
      assertThat(served.memory().used()).isZero();
    }
  }

  /** A pipe into netcat: the input ends at once, long before all of it has come back. */
  @ParameterizedTest
  @EnumSource(TransportChoice.class)
  void allComesBackAfterTheInputHasEnded(TransportChoice transport) throws Exception {
    byte[] sent = bytes(20 << 20, 5);
    try (TestServer server = TestServer.arena(new RawProtocol(), transport);
        TestClient client = new TestClient(server.address())) {
      CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> sendAll(client, sent));
      byte[] received = client.receive(sent.length);
      assertThat(received).isEqualTo(sent);
      client.assertEnd();
      sending.join();
      ServedSummary served = server.stop();
      assertThat(served.bytes()).isEqualTo(sent.length);
      assertThat(served.errors()).isZero();
      assertThat(served.memory().used()).isZero();
    }
  }

  private static void sendAll(TestClient client, byte[] bytes) {
    try {
      client.send(bytes);
      client.endOutput();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
