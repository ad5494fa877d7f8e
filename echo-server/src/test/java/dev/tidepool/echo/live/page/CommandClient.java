package dev.tidepool.echo.live.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.echo.figures.Addresses;
import dev.tidepool.echo.testing.TestClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** A connection to a server that speaks {@link CommandProtocol}. */
final class CommandClient implements AutoCloseable {
  private static final String ANSWER = "ok\n";

  private final TestClient client;

  CommandClient(InetSocketAddress server) throws IOException {
    client = new TestClient(server);
  }

  /** Sends each line and waits for its answer. */
  void send(String... lines) throws IOException {
    for (String line : lines) {
      client.send((line + "\n").getBytes(StandardCharsets.US_ASCII));
      assertThat(client.receive(ANSWER.length())).asString().isEqualTo(ANSWER);
    }
  }

  /** What the server calls the connection. */
  String name() {
    return Addresses.text(client.localAddress());
  }

  @Override
  public void close() throws IOException {
    client.close();
  }
}
