package dev.tidepool.echo.faults;

import static dev.tidepool.echo.testing.TestClient.bytes;
import static dev.tidepool.echo.testing.TestClient.frame;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.echo.protocol.FramedProtocol;
import dev.tidepool.echo.server.ServedSummary;
import dev.tidepool.echo.testing.TestClient;
import dev.tidepool.echo.testing.TestServer;
import dev.tidepool.echo.transport.TransportChoice;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Connections come and go, each with one request: {@code -Dstress.churn=} many, a few thousand by
 * default. Each is broken off by the client, so that its port is free again at once, and they come
 * from several local addresses.
 */
@Timeout(600)
class ConnectionChurnTest {
  private static final int CONNECTIONS = Integer.getInteger("stress.churn", 4000);
  private static final int CLIENTS = 4;

  @ParameterizedTest
  @EnumSource(
      value = TransportChoice.class,
      names = {"NIO", "EPOLL", "IO_URING"})
  void leavesNothingBehind(TransportChoice transport) throws Exception {
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    try (TestServer server = TestServer.arena(new FramedProtocol(), transport)) {
      List<Future<?>> parts = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        int client = i;
        parts.add(clients.submit(() -> comeAndGo(server.address(), client)));
      }
      for (Future<?> part : parts) {
        part.get();
      }
      TestServer.await("all to be gone", () -> server.server().arenas().arenas().isEmpty());
      long held = server.memory().used();
      ServedSummary served = server.stop();
      System.out.printf(
          "connections opened and closed, %s: held after %,d of them %,d bytes: %s%n",
          transport, served.connections(), held, served.lines());
      assertThat(served.connections()).isEqualTo(CONNECTIONS - CONNECTIONS % CLIENTS);
      assertThat(served.requests()).isEqualTo(served.connections());
      assertThat(served.memory().arenas().leaks()).isZero();
      assertThat(served.memory().used()).isZero();
    } finally {
      clients.shutdown();
    }
  }

  private static Void comeAndGo(InetSocketAddress server, int client) throws Exception {
    InetAddress from = InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) (2 + client)});
    for (int i = 0; i < CONNECTIONS / CLIENTS; i++) {
      try (TestClient connection = new TestClient(server, from)) {
        connection.assertEchoes(frame(bytes(1 + i % 3000, i)));
        connection.reset();
      }
    }
    return null;
  }
}
