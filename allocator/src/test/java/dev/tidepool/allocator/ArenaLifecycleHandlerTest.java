package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.LoopbackServer.Connection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.RecvByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A channel's arena, from the handler's addition to the close, over every transport. */
class ArenaLifecycleHandlerTest {
  private static final int CONNECTIONS = 1000;

  @RegisterExtension private final UpstreamGuard guard = UpstreamGuard.of(Checks.OFF);
  @RegisterExtension private final LoopbackServer server = new LoopbackServer();

  private final ArenaByteBufAllocator allocator = guard.allocator();
  private final Queue<Object> seen = new ConcurrentLinkedQueue<>();

  private void start(Transport transport, ChannelHandler... handlers) {
    server.start(
        transport,
        channel ->
            channel.pipeline().addLast(new ArenaLifecycleHandler(allocator)).addLast(handlers));
  }

  @ChannelHandler.Sharable
  private static final class Echo extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ctx.writeAndFlush(message);
    }
  }

  @ChannelHandler.Sharable
  private final class Look extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ByteBuf buffer = (ByteBuf) message;
      seen.add(buffer.alloc() == ctx.alloc());
      seen.add(ctx.alloc() == ArenaLifecycleHandler.arena(ctx.channel()));
      seen.add(buffer.capacity());
      ctx.fireChannelRead(message);
    }
  }

  private void awaitClosedArenas() {
    TestThreads.await("the arenas' end", () -> allocator.metric().openArenas() == 0);
  }

  @ParameterizedTest
  @EnumSource
  void aChannelAllocatesFromItsArenaAndTrimsReadBuffers(Transport transport) throws Exception {
    start(transport, new Look(), new Echo());
    Connection connection = server.connect();
    assertThat(connection.arena()).isNotNull();
    assertThat(connection.channel().alloc()).isSameAs(connection.arena());
    for (int size : new int[] {1, 10, 100}) {
      connection.send(new byte[size]);
      connection.receive(size);
    }
    assertThat(seen).containsExactly(true, true, 1, true, true, 10, true, true, 100);
  }

  @ParameterizedTest
  @EnumSource
  void echoedBytesAreTheBytesSent(Transport transport) throws Exception {
    start(transport, new Echo());
    Connection connection = server.connect();
    for (int size : new int[] {1, 1000, 20_000, 5, 100_000, 3}) {
      byte[] sent = new byte[size];
      for (int i = 0; i < size; i++) {
        sent[i] = (byte) (i * 31 + size);
      }
      connection.send(sent);
      assertThat(connection.receive(size)).isEqualTo(sent);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theArenaClosesWhenThePeerCloses(Transport transport) throws Exception {
    start(transport, new Echo());
    Connection connection = server.connect();
    connection.send((byte) 1);
    connection.receive(1);
    assertThat(allocator.metric().openArenas()).isEqualTo(1);
    connection.socket().close();
    awaitClosedArenas();
  }

  @ParameterizedTest
  @EnumSource
  void theArenaClosesWhenThePeerResets(Transport transport) throws Exception {
    start(transport, new Echo());
    Connection connection = server.connect();
    connection.socket().setSoLinger(true, 0);
    connection.socket().close();
    awaitClosedArenas();
  }

  @ParameterizedTest
  @EnumSource
  void theArenaClosesWhenTheChannelIsClosed(Transport transport) throws Exception {
    start(transport, new Echo());
    server.connect().channel().close().syncUninterruptibly();
    awaitClosedArenas();
  }

  // While the channel closes

  @ChannelHandler.Sharable
  private final class AllocatesAtTheEnd extends ChannelInboundHandlerAdapter {
    private void allocate(ChannelHandlerContext ctx, String when) {
      ByteBuf direct = Patterns.fill(ctx.alloc().directBuffer(100), 1);
      ByteBuf heap = Patterns.fill(ctx.alloc().heapBuffer(100_000), 2);
      Patterns.check(direct, 1);
      Patterns.check(heap, 2);
      direct.release();
      heap.release();
      seen.add(when);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      allocate(ctx, "inactive");
    }

    @Override
    public void channelUnregistered(ChannelHandlerContext ctx) {
      allocate(ctx, "unregistered");
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
      allocate(ctx, "removed");
    }
  }

  @ParameterizedTest
  @EnumSource
  void handlersMayAllocateWhileTheChannelCloses(Transport transport) throws Exception {
    start(transport, new AllocatesAtTheEnd());
    Connection connection = server.connect();
    connection.send((byte) 1);
    connection.channel().close().syncUninterruptibly();
    TestThreads.await("the last moment", () -> seen.contains("removed"));
    assertThat(seen).containsExactly("inactive", "unregistered", "removed");
    awaitClosedArenas();
  }

  // Idle connections

  @ParameterizedTest
  @EnumSource(
      value = Transport.class,
      names = {"NIO", "EPOLL"}) // io_uring always has a read pending, and a buffer for it
  void aThousandIdleConnectionsHoldNoBlocks(Transport transport) throws Exception {
    start(transport, new Echo());
    List<Connection> connections = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      connections.add(server.connect());
    }
    for (Connection connection : connections) {
      connection.send(new byte[100]);
    }
    for (Connection connection : connections) {
      connection.receive(100);
      connection.awaitRequests(1);
    }
    for (Connection connection : connections) {
      assertThat(connection.arena().metric().leasedBlocks()).isZero();
    }
    assertThat(allocator.metric().leasedMemory()).isZero();
    assertThat(allocator.metric().openArenas()).isEqualTo(CONNECTIONS);
  }

  // The handler is added or removed while the channel is open

  @ParameterizedTest
  @EnumSource
  void removingTheHandlerRestoresTheChannelsConfig(Transport transport) throws Exception {
    ByteBufAllocator former = ByteBufAllocator.DEFAULT;
    List<RecvByteBufAllocator> recvFormer = new ArrayList<>();
    server.start(
        transport,
        channel -> {
          channel.config().setAllocator(former);
          recvFormer.add(channel.config().<RecvByteBufAllocator>getRecvByteBufAllocator());
          channel.pipeline().addLast(new ArenaLifecycleHandler(allocator)).addLast(new Echo());
        });
    Connection connection = server.connect();
    connection.send((byte) 1);
    connection.receive(1);
    ConnectionArena arena = connection.arena();
    List<ByteBuf> alive = new ArrayList<>();
    connection.onLoop(
        () -> {
          Channel channel = connection.channel();
          alive.add(Patterns.fill(channel.alloc().buffer(100), 1));
          channel.pipeline().remove(ArenaLifecycleHandler.class);
          assertThat(channel.alloc()).isSameAs(former);
          assertThat(channel.config().<RecvByteBufAllocator>getRecvByteBufAllocator())
              .isSameAs(recvFormer.get(0));
          assertThat(ArenaLifecycleHandler.arena(channel)).isNull();
          Patterns.check(alive.get(0), 1);
          alive.get(0).release();
          assertThat(arena.metric().leasedBlocks()).isZero();
        });
    awaitClosedArenas();
    connection.send((byte) 2, (byte) 3);
    assertThat(connection.receive(2)).containsExactly(2, 3);
  }

  @ParameterizedTest
  @EnumSource
  void aHandlerAddedToAnOpenChannelServesFromThenOn(Transport transport) throws Exception {
    server.start(transport, channel -> channel.pipeline().addLast(new Look(), new Echo()));
    Connection connection = server.connect();
    connection.send((byte) 1);
    connection.receive(1);
    connection.onLoop(
        () -> connection.channel().pipeline().addFirst(new ArenaLifecycleHandler(allocator)));
    assertThat(connection.channel().alloc()).isSameAs(connection.arena());
    seen.clear();
    connection.send((byte) 2);
    connection.receive(1);
    assertThat(seen).startsWith(true, true);
    connection.socket().close();
    awaitClosedArenas();
  }

  @ParameterizedTest
  @EnumSource
  void removingTheHandlerKeepsAnAllocatorThatTheApplicationSet(Transport transport)
      throws Exception {
    start(transport, new Echo());
    Connection connection = server.connect();
    connection.onLoop(
        () -> {
          connection.channel().config().setOption(ChannelOption.ALLOCATOR, allocator);
          connection.channel().pipeline().remove(ArenaLifecycleHandler.class);
          assertThat(connection.channel().alloc())
              .as("set by the application in the meantime, and left alone")
              .isSameAs(allocator);
        });
  }

  // Another event loop

  @ParameterizedTest
  @EnumSource(
      value = Transport.class,
      names = {"NIO", "EPOLL"}) // Netty's io_uring channels read no more after a move
  void aChannelThatMovesToAnotherLoopGetsAnotherArena(Transport transport) throws Exception {
    start(transport, new Look(), new Echo());
    Connection connection = server.connect();
    connection.send(new byte[10]);
    connection.receive(10);
    connection.awaitRequests(1);
    ConnectionArena before = connection.arena();
    List<ByteBuf> alive = new ArrayList<>();
    connection.onLoop(() -> alive.add(Patterns.fill(connection.channel().alloc().buffer(100), 1)));

    Channel channel = connection.channel();
    EventLoop other = server.loops().next();
    while (other == channel.eventLoop()) {
      other = server.loops().next();
    }
    channel.deregister().syncUninterruptibly();
    other.register(channel).syncUninterruptibly();

    assertThat(channel.eventLoop()).isSameAs(other);
    TestThreads.await("another arena", () -> channel.alloc() != before);
    assertThat(channel.alloc()).isSameAs(connection.arena());
    TestThreads.await("the old arena's end", () -> allocator.metric().openArenas() == 1);
    seen.clear();
    connection.send(new byte[10]);
    connection.receive(10);
    assertThat(seen).containsExactly(true, true, 10);
    connection.awaitRequests(1);
    Patterns.check(alive.get(0), 1);
    assertThat(before.metric().leasedBlocks()).isEqualTo(1);
    connection.onLoop(alive.get(0)::release);
    TestThreads.await(
        "the release to be noticed",
        () -> {
          allocator.trim();
          return before.metric().leasedBlocks() == 0;
        });
  }
}
