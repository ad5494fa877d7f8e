package dev.tidepool.echo.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.echo.protocol.RawProtocol;
import dev.tidepool.echo.testing.TestServer;
import dev.tidepool.echo.transport.TransportChoice;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A client that sends and never reads is no longer read from; when it reads, it gets its all. */
class BackPressureTest {
  private static final int CHUNK = 64 << 10;

  /** What is sent if nothing ever stops the client. */
  private static final long FAR_TOO_MUCH = 256L << 20;

  /** The kernel's buffers on both sides aside, the server may hold a burst of reads. */
  private static final long SERVER_MAY_HOLD = 8L << 20;

  private static final long STALLED_MILLIS = 300;

  @ParameterizedTest
  @EnumSource(TransportChoice.class)
  void stopsReadingFromAClientThatNeverReads(TransportChoice transport) throws Exception {
    try (TestServer server = TestServer.arena(new RawProtocol(), transport);
        SocketChannel client = SocketChannel.open()) {
      client.setOption(StandardSocketOptions.SO_RCVBUF, CHUNK);
      client.connect(server.address());
      client.configureBlocking(false);

      long sent = sendUntilStalled(client);
      assertThat(sent).as("bytes taken from a client that never reads").isLessThan(FAR_TOO_MUCH);
      assertThat(server.memory().used()).isLessThan(SERVER_MAY_HOLD);

      client.shutdownOutput();
      assertThat(readToTheEnd(client)).isEqualTo(sent);
      ServedSummary served = server.stop();
      assertThat(served.errors()).isZero();
      assertThat(served.memory().used()).isZero();
      assertThat(served.memory().arenas().peak()).isLessThan(SERVER_MAY_HOLD);
    }
  }

  private static long sendUntilStalled(SocketChannel client) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
    long sent = 0;
    try (Selector selector = Selector.open()) {
      client.register(selector, SelectionKey.OP_WRITE);
      while (sent < FAR_TOO_MUCH && selector.select(STALLED_MILLIS) > 0) {
        selector.selectedKeys().clear();
        sent += client.write(chunk.clear());
      }
    }
    return sent;
  }

  private static long readToTheEnd(SocketChannel client) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
    long received = 0;
    try (Selector selector = Selector.open()) {
      client.register(selector, SelectionKey.OP_READ);
      while (selector.select(TestServer.PATIENCE.toMillis()) > 0) {
        selector.selectedKeys().clear();
        int read = client.read(chunk.clear());
        if (read < 0) {
          return received;
        }
        received += read;
      }
    }
    throw new IOException("nothing more after " + received + " bytes, expected the end");
  }
}
