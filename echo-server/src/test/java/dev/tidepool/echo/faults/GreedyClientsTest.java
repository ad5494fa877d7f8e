package dev.tidepool.echo.faults;

import static dev.tidepool.echo.testing.TestClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.echo.protocol.RawProtocol;
import dev.tidepool.echo.server.ServedSummary;
import dev.tidepool.echo.testing.TestClient;
import dev.tidepool.echo.testing.TestServer;
import dev.tidepool.echo.transport.TransportChoice;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A thousand clients that send and never read: what the server holds stays below the sum of their
 * budgets, other clients are served, and when they have gone all memory is back.
 */
class GreedyClientsTest {
  private static final int CLIENTS = 1000;
  private static final long SOFT_BUDGET = 64 << 10;
  private static final long HARD_BUDGET = 256 << 10;

  /** Of each, so that what the kernel holds of it stays bounded too. */
  private static final int MOST_SENT = 3 << 20;

  private static final int CHUNK = 64 << 10;

  /** The rounds in a row in which no client could send anything. */
  private static final int STALLED_ROUNDS = 20;

  @ParameterizedTest
  @EnumSource(TransportChoice.class)
  void holdNoMoreThanTheirBudgets(TransportChoice transport) throws Exception {
    ArenaByteBufAllocator allocator =
        ArenaByteBufAllocator.builder().softBudget(SOFT_BUDGET).hardBudget(HARD_BUDGET).build();
    List<SocketChannel> greedy = new ArrayList<>();
    try (TestServer server = new TestServer(new RawProtocol(), allocator, transport, 1);
        TestClient good = new TestClient(server.address())) {
      for (int i = 0; i < CLIENTS; i++) {
        greedy.add(connect(server.address()));
      }
      long sent = sendUntilStalled(greedy, good);
      long held = server.memory().used();
      assertThat(held).isLessThan(CLIENTS * HARD_BUDGET);
      good.assertEchoes(bytes(10_000, 2));
      for (SocketChannel client : greedy) {
        client.setOption(StandardSocketOptions.SO_LINGER, 0).close();
      }
      good.assertEchoes(bytes(10_000, 3));
      good.leave();

      ServedSummary served = server.stop();
      System.out.printf(
          "%d clients that never read, %s: sent %,d bytes, the server held %,d (budgets: %,d): %s%n",
          CLIENTS, transport, sent, held, CLIENTS * HARD_BUDGET, served.lines());
      assertThat(served.memory().arenas().peak()).isLessThan(CLIENTS * HARD_BUDGET);
      assertThat(served.memory().used()).isZero();
      assertThat(served.connections()).isEqualTo(CLIENTS + 1);
    }
  }

  private static SocketChannel connect(InetSocketAddress address) throws IOException {
    SocketChannel client = SocketChannel.open();
    client.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
    client.setOption(StandardSocketOptions.SO_SNDBUF, 16 << 10);
    client.connect(address);
    client.configureBlocking(false);
    return client;
  }

  /** The good client is served between the rounds. */
  private static long sendUntilStalled(List<SocketChannel> clients, TestClient good)
      throws IOException {
    ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
    long[] sent = new long[clients.size()];
    long all = 0;
    for (int stalled = 0; stalled < STALLED_ROUNDS; stalled++) {
      for (int i = 0; i < sent.length; i++) {
        int taken = sent[i] < MOST_SENT ? clients.get(i).write(chunk.clear()) : 0;
        sent[i] += taken;
        all += taken;
        stalled = taken > 0 ? 0 : stalled;
      }
      good.assertEchoes(bytes(1000, 1));
    }
    return all;
  }
}
