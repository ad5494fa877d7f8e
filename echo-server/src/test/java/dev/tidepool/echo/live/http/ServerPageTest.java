package dev.tidepool.echo.live.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.tidepool.echo.figures.Addresses;
import dev.tidepool.echo.load.live.ServerPage;
import dev.tidepool.echo.server.ServerFigures;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A load's reading of a server's page. */
class ServerPageTest {
  private static ServerPage page(SocketAddress address) {
    return new ServerPage(URI.create("http://" + Addresses.text(address)));
  }

  @Test
  void readsTheFiguresThatThePageTells() throws Exception {
    try (TestPage page = new TestPage()) {
      ServerFigures expected =
          new ServerFigures(1, "arena", 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
      assertThat(page(page.address).read()).isEqualTo(expected);
      assertThat(page(page.address).readOrEmpty()).contains(expected);
    }
  }

  @Test
  void aPageThatIsNotThereIsSaid() throws Exception {
    InetSocketAddress closed;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = (InetSocketAddress) socket.getLocalSocketAddress();
    }
    assertThatThrownBy(() -> page(closed).read())
        .isInstanceOf(IOException.class)
        .hasMessage(
            "cannot read the server's figures from http://%s/api/server: cannot connect",
            Addresses.text(closed));
    assertThat(page(closed).readOrEmpty()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "404, nothing here, it answered with status 404",
    "200, {}, it did not answer with a server's figures",
    "200, hello, it did not answer with a server's figures"
  })
  void anotherServersAnswerIsRefused(int status, String body, String reason) throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    try {
      assertThatThrownBy(() -> page(server.getAddress()).read())
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("cannot read the server's figures from ")
          .hasMessageContaining(reason);
    } finally {
      server.stop(0);
    }
  }
}
