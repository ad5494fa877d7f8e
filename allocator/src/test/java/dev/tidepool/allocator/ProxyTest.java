package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.LoopbackServer.Connection;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A proxy that reads on one connection and writes the buffers to another, which another event loop
 * serves: each buffer is released by a loop that does not own its arena.
 */
class ProxyTest {
  private static final int CONNECTIONS = 4;
  private static final int BYTES = 3 << 20;

  @RegisterExtension private final CapturedLog log = new CapturedLog();

  /** With a clock, which returns the blocks of connections that are silent. */
  @RegisterExtension
  private final UpstreamGuard guard =
      UpstreamGuard.of(
          ArenaByteBufAllocator.builder().trimInterval(Duration.ofMillis(50)).checks(Checks.FULL));

  @RegisterExtension private final LoopbackServer backend = new LoopbackServer();
  @RegisterExtension private final LoopbackServer proxy = new LoopbackServer();

  private final ArenaByteBufAllocator allocator = guard.allocator();
  private final ExecutorService clients = Executors.newCachedThreadPool();
  private final Queue<Throwable> thrown = new ConcurrentLinkedQueue<>();
  private final Queue<Channel> outgoing = new ConcurrentLinkedQueue<>();
  private EventLoopGroup outgoingLoops;

  @AfterEach
  void end() throws InterruptedException {
    clients.shutdown();
    assertThat(clients.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    outgoing.forEach(channel -> channel.close().syncUninterruptibly());
    if (outgoingLoops != null) { // else the transport is not available
      TestThreads.end(outgoingLoops);
    }
    assertThat(log.text()).doesNotContain("LEAK").doesNotContain("ERROR");
  }

  static List<Arguments> transportsAndHolds() {
    List<Arguments> cases = new ArrayList<>();
    for (Transport transport : Transport.values()) {
      cases.add(Arguments.of(transport, false));
      cases.add(Arguments.of(transport, true));
    }
    return cases;
  }

  @ParameterizedTest
  @MethodSource("transportsAndHolds")
  void everyByteComesBackAndNothingIsHeld(Transport transport, boolean holds) throws Exception {
    backend.start(transport, channel -> channel.pipeline().addLast(arena(), new Echo()));
    outgoingLoops = transport.loops(2);
    proxy.start(
        transport,
        bootstrap -> bootstrap.childOption(ChannelOption.AUTO_READ, false),
        channel -> channel.pipeline().addLast(arena(), new Front(transport, holds)));
    List<Connection> connections = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      connections.add(proxy.connect());
    }
    for (CompletableFuture<Void> exchange : connections.stream().map(this::exchange).toList()) {
      exchange.get(30, TimeUnit.SECONDS);
    }
    assertThat(thrown).isEmpty();
    connections.forEach(this::assertHoldsNothing);
    outgoing.forEach(channel -> assertHoldsNothing(ArenaLifecycleHandler.arena(channel)));
  }

  private ArenaLifecycleHandler arena() {
    return new ArenaLifecycleHandler(allocator);
  }

  private CompletableFuture<Void> exchange(Connection connection) {
    byte[] bytes = Patterns.bytes(BYTES, connection.hashCode());
    CompletableFuture<Void> sent =
        CompletableFuture.runAsync(io(() -> connection.send(bytes)), clients);
    CompletableFuture<Void> received =
        CompletableFuture.runAsync(
            io(() -> assertThat(Arrays.equals(connection.receive(BYTES), bytes)).isTrue()),
            clients);
    return CompletableFuture.allOf(sent, received);
  }

  private static Runnable io(TestThreads.Task task) {
    return () -> {
      try {
        task.run();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    };
  }

  private void assertHoldsNothing(Connection connection) {
    assertHoldsNothing(connection.arena());
  }

  private static void assertHoldsNothing(ConnectionArena arena) {
    TestThreads.await("every buffer's release", () -> arena.metric().leasedBlocks() == 0);
    assertThat(arena.metric().resets()).isPositive();
  }

  private static final class Echo extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ctx.writeAndFlush(message);
    }
  }

  private abstract class Relay extends ChannelInboundHandlerAdapter {
    private final boolean holds;

    Relay(boolean holds) {
      this.holds = holds;
    }

    abstract Channel peer();

    /** Reads on when the peer has written the message; meanwhile the request may be held open. */
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      RequestHold hold = holds ? ArenaLifecycleHandler.arena(ctx.channel()).hold() : null;
      ChannelFuture written = peer().writeAndFlush(message);
      var unused =
          written.addListener(
              done -> {
                if (hold != null) {
                  hold.close();
                }
                ctx.channel().read();
              });
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      peer().close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      thrown.add(cause);
      ctx.close();
    }
  }

  /** The side of the client: connects to the backend before it reads. */
  private final class Front extends Relay {
    private final Transport transport;
    private final boolean holds;
    private Channel back;

    Front(Transport transport, boolean holds) {
      super(holds);
      this.transport = transport;
      this.holds = holds;
    }

    @Override
    Channel peer() {
      return back;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      ChannelInitializer<Channel> initializer =
          new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
              channel.pipeline().addLast(arena(), new Back(ctx.channel(), holds));
            }
          };
      ChannelFuture connected =
          new Bootstrap()
              .group(outgoingLoops)
              .channel(transport.clientChannel())
              .option(ChannelOption.AUTO_READ, false)
              .handler(initializer)
              .connect(backend.address());
      back = connected.channel();
      outgoing.add(back);
      var unused = connected.addListener(done -> ctx.channel().read());
    }
  }

  /** The side of the backend. */
  private final class Back extends Relay {
    private final Channel front;

    Back(Channel front, boolean holds) {
      super(holds);
      this.front = front;
    }

    @Override
    Channel peer() {
      return front;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      ctx.read();
    }
  }
}
