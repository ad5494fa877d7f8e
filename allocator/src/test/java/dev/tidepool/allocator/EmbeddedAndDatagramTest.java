package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipelineException;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Arenas of channels that are no byte streams: embedded and datagram channels. */
class EmbeddedAndDatagramTest {
  @RegisterExtension private final UpstreamGuard guard = UpstreamGuard.of(Checks.FULL);

  private final ArenaByteBufAllocator allocator = guard.allocator();
  private final Queue<Integer> capacities = new ConcurrentLinkedQueue<>();

  /** Answers each message with a newly allocated one. */
  private static final class Answer extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ByteBuf request = (ByteBuf) message;
      ByteBuf answer = ctx.alloc().buffer(100).writeBytes(request).writeByte('!');
      request.release();
      ctx.writeAndFlush(answer);
    }
  }

  private EmbeddedChannel channel() {
    return new EmbeddedChannel(new ArenaLifecycleHandler(allocator), new Answer());
  }

  private static void exchange(EmbeddedChannel channel, int seed) {
    ByteBuf request = Patterns.fill(channel.alloc().buffer(50), seed);
    channel.writeInbound(request);
    ByteBuf answer = channel.readOutbound();
    assertThat(answer.readableBytes()).isEqualTo(51);
    Patterns.check(answer, seed, 50);
    answer.release();
  }

  @Test
  void anEmbeddedChannelHasAnArenaToo() {
    EmbeddedChannel channel = channel();
    ConnectionArena arena = ArenaLifecycleHandler.arena(channel);
    assertThat(arena).isNotNull();
    assertThat(channel.alloc()).isSameAs(arena);
    for (int i = 1; i <= 3; i++) {
      exchange(channel, i);
      assertThat(arena.metric().requests()).isEqualTo(i);
    }
    assertThat(channel.finishAndReleaseAll()).isFalse();
    assertThat(allocator.metric().openArenas()).isZero();
    assertThat(channel.alloc()).isSameAs(allocator);
    assertThat(ArenaLifecycleHandler.arena(channel)).isSameAs(arena);
    assertThat(arena.isClosed()).isTrue();
  }

  @Test
  void anEmbeddedChannelMayBeUsedByOneThreadAfterAnother() throws Exception {
    EmbeddedChannel channel = channel();
    EventExecutor loop = new DefaultEventExecutor();
    ByteBuf here = Patterns.fill(channel.alloc().buffer(100), 1);
    ByteBuf onLoop =
        TestThreads.call(
            loop,
            () -> {
              exchange(channel, 5);
              return Patterns.fill(channel.alloc().buffer(100), 2);
            });
    ByteBuf elsewhere =
        CompletableFuture.supplyAsync(
                () -> {
                  exchange(channel, 6);
                  return Patterns.fill(channel.alloc().buffer(100), 3);
                })
            .join();
    exchange(channel, 7);
    Patterns.check(here, 1);
    Patterns.check(onLoop, 2);
    Patterns.check(elsewhere, 3);
    here.release();
    TestThreads.run(loop, elsewhere::release);
    onLoop.release();
    TestThreads.run(loop, channel::finishAndReleaseAll);
    assertThat(allocator.metric().openArenas()).isZero();
    TestThreads.end(loop);
  }

  @Test
  void anEmbeddedChannelOnAnEventLoopUsesThatLoopsMemory() {
    EventExecutor loop = new DefaultEventExecutor();
    TestThreads.run(
        loop,
        () -> {
          EmbeddedChannel channel = channel();
          exchange(channel, 1);
          channel.finishAndReleaseAll();
        });
    assertThat(allocator.metric().openArenas()).isZero();
    TestThreads.end(loop);
  }

  @Test
  void eachChannelNeedsAHandlerOfItsOwn() {
    ArenaLifecycleHandler handler = new ArenaLifecycleHandler(allocator);
    EmbeddedChannel first = new EmbeddedChannel(handler);
    EmbeddedChannel second = new EmbeddedChannel();
    assertThatThrownBy(() -> second.pipeline().addFirst(handler))
        .isInstanceOf(ChannelPipelineException.class)
        .hasMessageContaining("not a @Sharable handler");
    first.finishAndReleaseAll();
    second.finishAndReleaseAll();
    assertThat(allocator.metric().openArenas()).isZero();
  }

  @Test
  void missingArgumentsAreNamed() {
    assertThatThrownBy(() -> new ArenaLifecycleHandler(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("allocator");
    assertThatThrownBy(() -> new ArenaLifecycleHandler(allocator, null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("boundary");
    assertThatThrownBy(() -> RequestBoundary.messages(null, message -> true))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("beginsRequest");
    assertThatThrownBy(() -> RequestBoundary.messages(message -> true, null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("endsResponse");
  }

  private Channel mirror(EventLoopGroup loops, ArenaByteBufAllocator allocator) {
    return new Bootstrap()
        .group(loops)
        .channel(NioDatagramChannel.class)
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel opened) {
                opened.pipeline().addLast(new ArenaLifecycleHandler(allocator), new Mirror());
              }
            })
        .bind(InetAddress.getLoopbackAddress(), 0)
        .syncUninterruptibly()
        .channel();
  }

  @ParameterizedTest
  @EnumSource(names = "NIO")
  void datagramsAreReadAsWithoutTheHandlerAndNotTrimmed(Transport transport) throws Exception {
    EventLoopGroup loops = transport.loops(1);
    Channel channel = mirror(loops, allocator);
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout(10_000);
      for (int size : new int[] {1, 1000, 5}) {
        InetSocketAddress to = (InetSocketAddress) channel.localAddress();
        socket.send(new java.net.DatagramPacket(new byte[size], size, to));
        java.net.DatagramPacket answer = new java.net.DatagramPacket(new byte[2000], 2000);
        socket.receive(answer);
        assertThat(answer.getLength()).isEqualTo(size);
      }
    }
    ConnectionArena arena = ArenaLifecycleHandler.arena(channel);
    TestThreads.await("requests", () -> arena.metric().requests() == 3);
    TestThreads.end(loops);
    assertThat(capacities).hasSize(3).allSatisfy(bytes -> assertThat(bytes).isEqualTo(2048));
  }

  @ParameterizedTest
  @EnumSource(names = "NIO")
  void aDatagramWithoutMemoryWaits(Transport transport) throws Exception {
    ArenaByteBufAllocator pausing =
        guard.another(
            ArenaByteBufAllocator.builder().hardBudget(64 * 1024).budgetPolicy(BudgetPolicy.PAUSE));
    EventLoopGroup loops = transport.loops(1);
    Channel channel = mirror(loops, pausing);
    ByteBuf all = TestThreads.call(channel.eventLoop(), () -> channel.alloc().buffer(64 * 1024));
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout(10_000);
      InetSocketAddress to = (InetSocketAddress) channel.localAddress();
      socket.send(new java.net.DatagramPacket(new byte[1500], 1500, to));
      ConnectionArena arena = ArenaLifecycleHandler.arena(channel);
      TestThreads.await("the pause", arena::isUnderPressure);
      TestThreads.run(channel.eventLoop(), all::release);
      java.net.DatagramPacket answer = new java.net.DatagramPacket(new byte[2000], 2000);
      socket.receive(answer);
      assertThat(answer.getLength()).isEqualTo(1500);
      assertThat(arena.metric().refusals()).isEqualTo(1);
    }
    TestThreads.end(loops);
  }

  private final class Mirror extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      DatagramPacket packet = (DatagramPacket) message;
      capacities.add(packet.content().capacity());
      ctx.writeAndFlush(new DatagramPacket(packet.content(), packet.sender()));
    }
  }
}
