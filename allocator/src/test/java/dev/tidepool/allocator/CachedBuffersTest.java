package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.LoopbackServer.Connection;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A cache of the process that keeps what connections sent: with {@code copyOut} an entry holds no
 * block of a connection, and it outlives its connection without being a leak.
 */
class CachedBuffersTest {
  private static final byte KEPT = 1;
  private static final byte COPIED_OUT = 2;

  @RegisterExtension private final CapturedLog log = new CapturedLog();

  @RegisterExtension
  private final UpstreamGuard guard =
      UpstreamGuard.of(
          ArenaByteBufAllocator.builder()
              .trimInterval(Duration.ofMillis(50))
              .leakGrace(Duration.ofMillis(50))
              .checks(Checks.FULL));

  @RegisterExtension private final LoopbackServer server = new LoopbackServer();

  private final Map<Byte, ByteBuf> cache = new ConcurrentHashMap<>();

  @AfterEach
  void empty() {
    cache.values().forEach(ByteBuf::release);
  }

  private Connection start(Transport transport) throws Exception {
    server.start(
        transport,
        channel ->
            channel.pipeline().addLast(new ArenaLifecycleHandler(guard.allocator()), new Store()));
    return server.connect();
  }

  /** Stores each read, as it is or copied out, as its first byte says; answers with that byte. */
  private final class Store extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ByteBuf read = (ByteBuf) message;
      byte way = read.getByte(0);
      ConnectionArena arena = ArenaLifecycleHandler.arena(ctx.channel());
      cache.put(way, way == COPIED_OUT ? arena.copyOut(read) : read);
      ctx.writeAndFlush(ctx.alloc().buffer(1).writeByte(way));
    }
  }

  private static void store(Connection connection, byte way) throws Exception {
    connection.send(way, (byte) 7, (byte) 8);
    assertThat(connection.receive(1)).containsExactly(way);
    TestThreads.await("the request's end", () -> connection.arena().metric().resets() == 1);
  }

  /** Only the event loop sees them all. */
  private static int stragglers(Connection connection) {
    ConnectionArenaMetric metric = connection.arena().metric();
    return TestThreads.call(connection.channel().eventLoop(), metric::stragglers);
  }

  @ParameterizedTest
  @EnumSource
  void aBufferThatIsKeptHoldsABlockAndIsALeakWhenItsConnectionIsGone(Transport transport)
      throws Exception {
    Connection connection = start(transport);
    store(connection, KEPT);
    assertThat(stragglers(connection)).isEqualTo(1);
    assertThat(connection.arena().metric().chargedBytes()).isPositive();
    connection.socket().close();
    TestThreads.await("the report", () -> guard.allocator().metric().leaks() == 1);
    assertThat(cache.get(KEPT).getByte(1)).as("it stays valid").isEqualTo((byte) 7);
  }

  @ParameterizedTest
  @EnumSource
  void aBufferThatIsCopiedOutHoldsNothingOfItsConnection(Transport transport) throws Exception {
    Connection connection = start(transport);
    store(connection, COPIED_OUT);
    TestThreads.await("no block", () -> connection.arena().metric().leasedBlocks() == 0);
    assertThat(stragglers(connection)).isZero();
    connection.socket().close();
    Connection leaking = server.connect();
    store(leaking, KEPT);
    leaking.socket().close(); // its report comes after the first one's would
    TestThreads.await("one report", () -> guard.allocator().metric().leaks() >= 1);
    assertThat(guard.allocator().metric().leaks()).isEqualTo(1);
    assertThat(log.text()).containsOnlyOnce("LEAK");
    assertThat(cache.get(COPIED_OUT).getByte(1)).isEqualTo((byte) 7);
  }
}
