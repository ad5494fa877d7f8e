package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.LoopbackServer.Connection;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalServerChannel;
import io.netty.handler.codec.FixedLengthFrameDecoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The replacement, removal and move of the handler while its channel is open, and its close. */
class PipelineChangesTest {
  private static final Duration GRACE = Duration.ofMillis(20);

  @RegisterExtension private final UpstreamGuard guard = UpstreamGuard.of(Checks.FULL);
  @RegisterExtension private final LoopbackServer server = new LoopbackServer();

  private final ArenaByteBufAllocator allocator =
      guard.another(ArenaByteBufAllocator.builder().trimInterval(Duration.ZERO).leakGrace(GRACE));

  private ArenaLifecycleHandler handler() {
    return new ArenaLifecycleHandler(allocator);
  }

  private static RecvByteBufAllocator receiving(Channel channel) {
    return channel.config().getRecvByteBufAllocator();
  }

  @Test
  void anAcceptedConnectionHasAnArenaOfItsOwnIfItsListenerHasOneToo() throws Exception {
    EventLoopGroup loop = EventLoops.local(1);
    BlockingQueue<Boolean> roots = new LinkedBlockingQueue<>();
    Channel listening =
        new ServerBootstrap()
            .group(loop)
            .channel(LocalServerChannel.class)
            .handler(handler())
            .childHandler(
                new ArenaChannelInitializer(
                    allocator,
                    new ChannelInitializer<>() {
                      @Override
                      protected void initChannel(Channel accepted) {
                        roots.add(ArenaLifecycleHandler.arena(accepted).isRoot());
                      }
                    }))
            .bind(LocalAddress.ANY)
            .syncUninterruptibly()
            .channel();
    assertThat(ArenaLifecycleHandler.arena(listening)).isNotNull();
    new Bootstrap()
        .group(loop)
        .channel(LocalChannel.class)
        .handler(new ChannelInboundHandlerAdapter())
        .connect(listening.localAddress())
        .syncUninterruptibly();
    assertThat(roots.poll(10, TimeUnit.SECONDS)).isTrue();
    TestThreads.end(loop);
  }

  // Replaced

  @Test
  void aReplacedHandlerLeavesItsChannelToTheOther() {
    EmbeddedChannel channel = new EmbeddedChannel();
    ByteBufAllocator former = channel.alloc();
    RecvByteBufAllocator formerReceiving = receiving(channel);
    channel.pipeline().addFirst("one", handler());
    ConnectionArena first = ArenaLifecycleHandler.arena(channel);
    RecvByteBufAllocator firstReceiving = receiving(channel);
    ByteBuf alive = Patterns.fill(channel.alloc().buffer(100), 1);

    channel.pipeline().replace("one", "two", handler());

    channel.checkException();
    ConnectionArena second = ArenaLifecycleHandler.arena(channel);
    assertThat(second).isNotNull().isNotSameAs(first);
    assertThat(channel.alloc()).isSameAs(second);
    assertThat(receiving(channel)).isNotIn(firstReceiving, formerReceiving);
    assertThat(allocator.metric().openArenas()).isEqualTo(1);
    assertThat(first.isClosed()).isTrue();

    channel.pipeline().remove("two");
    assertThat(channel.alloc()).isSameAs(former);
    assertThat(receiving(channel)).isSameAs(formerReceiving);
    assertThat(ArenaLifecycleHandler.arena(channel)).isNull();
    assertThat(allocator.metric().openArenas()).isZero();
    Patterns.check(alive, 1);
    alive.release();
    channel.finishAndReleaseAll();
  }

  @Test
  void settingsThatTheApplicationMadeSinceStay() {
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.pipeline().addFirst("one", handler());
    RecvByteBufAllocator users = new FixedRecvByteBufAllocator(512);
    channel.config().setRecvByteBufAllocator(users);
    channel.config().setAllocator(PooledByteBufAllocator.DEFAULT);
    channel.pipeline().remove("one");
    assertThat(receiving(channel)).isSameAs(users);
    assertThat(channel.alloc()).isSameAs(PooledByteBufAllocator.DEFAULT);
    channel.finishAndReleaseAll();
  }

  // Removed

  @Test
  void afterRemovalLivingBuffersAreNoLeakBeforeTheChannelCloses() {
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.pipeline().addFirst("one", handler());
    ByteBuf halfAFrame = channel.alloc().buffer(100);
    channel.pipeline().remove("one");
    awaitEndOfGrace();
    assertThat(allocator.metric().leaks()).isZero();
    channel.finishAndReleaseAll();
    TestThreads.await("the leak", () -> allocator.metric().leaks() == 1);
    halfAFrame.release();
    allocator.trim();
  }

  private void awaitEndOfGrace() {
    java.util.concurrent.locks.LockSupport.parkNanos(
        2 * GRACE.toNanos()); // a surplus report would arrive
  }

  // Moved

  /** Counts the frames decoded completely. */
  private static final class Frames extends ChannelInboundHandlerAdapter {
    private final AtomicInteger frames = new AtomicInteger();

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      Patterns.check((ByteBuf) message, 5);
      ((ByteBuf) message).release();
      frames.getAndIncrement();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"NIO", "EPOLL"}) // Netty's io_uring channels read no more after a move
  void halfAFrameInADecoderIsNoLeakWhenTheChannelMoves(Transport transport) throws Exception {
    Frames frames = new Frames();
    server.start(
        transport,
        channel -> channel.pipeline().addLast(handler(), new FixedLengthFrameDecoder(100), frames));
    Connection connection = server.connect();
    ByteBuf frame = Patterns.fill(io.netty.buffer.Unpooled.buffer(100), 5);
    byte[] bytes = frame.array();
    connection.send(java.util.Arrays.copyOf(bytes, 50));
    TestThreads.await("half a frame", () -> connection.arena().metric().allocatedBytes() > 0);
    ConnectionArena before = connection.arena();
    AtomicInteger ended = new AtomicInteger();
    List<String> order = new ArrayList<>();
    var hold = before.hold();
    before.onReset(ended::getAndIncrement);

    move(connection.channel());

    ConnectionArena after = connection.arena();
    assertThat(after).isNotSameAs(before);
    assertThat(after.isHeld()).isTrue();
    assertThat(ended).hasValue(0);
    connection
        .channel()
        .eventLoop()
        .schedule(() -> order.add("grace"), 2 * GRACE.toNanos(), TimeUnit.NANOSECONDS)
        .syncUninterruptibly();
    assertThat(allocator.metric().leaks()).isZero();
    connection.send(java.util.Arrays.copyOfRange(bytes, 50, 100));
    TestThreads.await("the frame", () -> frames.frames.get() == 1);
    hold.close();
    TestThreads.await("the end of its request", () -> ended.get() == 1);
    connection.socket().close();
    TestThreads.await("the arena's end", after::isClosed);
    TestThreads.await("nothing held", () -> heldNothing(before) && heldNothing(after));
    assertThat(allocator.metric().leaks()).isZero();
    assertThat(allocator.metric().openArenas()).isZero();
    frame.release();
  }

  private boolean heldNothing(ConnectionArena arena) {
    allocator.trim();
    return arena.metric().leasedBlocks() == 0;
  }

  private void move(Channel channel) {
    EventLoop other = server.loops().next();
    while (other == channel.eventLoop()) {
      other = server.loops().next();
    }
    channel.deregister().syncUninterruptibly();
    other.register(channel).syncUninterruptibly();
    TestThreads.run(other, () -> {});
  }

  @ParameterizedTest
  @EnumSource(names = {"NIO", "EPOLL"})
  void aChannelThatClosesBetweenTwoLoopsClosesItsArena(Transport transport) throws Exception {
    server.start(transport, channel -> channel.pipeline().addLast(handler()));
    Connection connection = server.connect();
    ConnectionArena arena = connection.arena();
    connection.channel().deregister().syncUninterruptibly();
    assertThat(arena.isClosed()).isFalse();
    connection.channel().close().syncUninterruptibly();
    TestThreads.await("the arena's end", arena::isClosed);
    assertThat(allocator.metric().openArenas()).isZero();
  }

  @ParameterizedTest
  @EnumSource(names = {"NIO", "EPOLL"})
  void aChannelThatReturnsToItsLoopKeepsItsArena(Transport transport) throws Exception {
    server.start(transport, channel -> channel.pipeline().addLast(handler()));
    Connection connection = server.connect();
    ConnectionArena arena = connection.arena();
    EventLoop loop = connection.channel().eventLoop();
    connection.channel().deregister().syncUninterruptibly();
    loop.register(connection.channel()).syncUninterruptibly();
    TestThreads.run(loop, () -> {});
    assertThat(connection.arena()).isSameAs(arena);
    assertThat(connection.channel().alloc()).isSameAs(arena);
    assertThat(arena.isClosed()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(names = {"NIO", "EPOLL"})
  void aChannelWhoseArenaWasClosedGetsANewOneWhenItMoves(Transport transport) throws Exception {
    server.start(transport, channel -> channel.pipeline().addLast(handler()));
    Connection connection = server.connect();
    ConnectionArena closed = connection.arena();
    connection.onLoop(closed::close);
    move(connection.channel());
    assertThat(connection.arena()).isNotSameAs(closed);
    assertThat(connection.arena().isClosed()).isFalse();
    assertThat(connection.channel().alloc()).isSameAs(connection.arena());
  }

  // Closed

  @ParameterizedTest
  @EnumSource
  void afterTheCloseTheSharedAllocatorServesAndTheArenaStillHasFigures(Transport transport)
      throws Exception {
    server.start(transport, channel -> channel.pipeline().addLast(handler()));
    Connection connection = server.connect();
    ConnectionArena arena = connection.arena();
    connection.channel().close().syncUninterruptibly();
    TestThreads.await("the arena's end", () -> allocator.metric().openArenas() == 0);
    assertThat(ArenaLifecycleHandler.arena(connection.channel())).isSameAs(arena);
    assertThat(arena.isClosed()).isTrue();
    assertThat(connection.channel().alloc()).isSameAs(allocator);
    Patterns.fill(arena.buffer(100), 1).release();
    arena.reset();
    arena.hold().close();
  }
}
