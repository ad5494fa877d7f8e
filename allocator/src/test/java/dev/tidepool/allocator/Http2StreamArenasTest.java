package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Frame;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The arenas of HTTP/2 streams: children of their connection's, which close with the streams. */
class Http2StreamArenasTest extends Http2Streams {
  // Cases

  @Test
  void aThousandStreamsOnOneConnectionOfWhichHalfAreReset() throws Exception {
    ArenaByteBufAllocator allocator =
        guard.another(ArenaByteBufAllocator.builder().hardBudget(64 << 20));
    Channel client = connect(allocator, Echo::new);
    exchange(client); // after which the server's settings allow as many streams
    List<Exchange> exchanges = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      Exchange exchange = open(client);
      exchange.headers(false);
      exchange.data(bytes(1000 + i, i), false);
      exchanges.add(exchange);
    }
    Channel server = accepted.take();
    ConnectionArena connection = ArenaLifecycleHandler.arena(server);
    TestThreads.await("the first halves", () -> arenas.size() == 1001);
    assertThat(allocator.metric().openArenas()).isEqualTo(1001);
    for (int i = 0; i < 1000; i++) {
      if (i % 2 == 0) {
        exchanges.get(i).reset();
      } else {
        exchanges.get(i).data(bytes(500, -i), true);
      }
    }
    for (int i = 1; i < 1000; i += 2) {
      byte[] expected = Arrays.copyOf(bytes(1000 + i, i), 1500 + i);
      System.arraycopy(bytes(500, -i), 0, expected, 1000 + i, 500);
      assertThat(exchanges.get(i).answer()).isEqualTo(expected);
    }
    awaitClosedArenas(1001);
    assertThat(arenas).doesNotHaveDuplicates().doesNotContain(connection);
    assertThat(arenas).allMatch(arena -> arena.metric().resets() == 1);
    assertThat(connection.heldBytes()).isLessThan(1 << 20);
    assertThat(connection.isClosed()).isFalse();
    close(client, allocator);
  }

  @Test
  void aStreamThatWaitsHoldsNothing() throws Exception {
    Channel client = connect(guard.allocator(), Echo::new);
    List<Exchange> exchanges = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Exchange exchange = open(client);
      exchange.headers(false);
      exchanges.add(exchange);
    }
    TestThreads.await("the streams", () -> arenas.size() == 100);
    Channel server = accepted.take();
    TestThreads.run(server.eventLoop(), () -> {});
    assertThat(arenas).allMatch(arena -> arena.heldBytes() == 0);
    for (Exchange exchange : exchanges) {
      exchange.data(bytes(100, 1), true);
      assertThat(exchange.answer()).isEqualTo(bytes(100, 1));
    }
    awaitClosedArenas(100);
    close(client, guard.allocator());
  }

  /** Pushes one message after the other, and answers nothing else. */
  private static final class Pushing extends SimpleChannelInboundHandler<Http2Frame> {
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, Http2Frame frame) {
      if (frame instanceof Http2HeadersFrame) {
        ctx.writeAndFlush(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("200")));
      }
    }
  }

  /** Opens a stream whose request has no body, so that only the server still writes. */
  private Exchange openToRead(Channel client) throws Exception {
    Exchange exchange = open(client);
    exchange.headers(true);
    return exchange;
  }

  @Test
  void aStreamHoldsNothingBetweenItsWrites() throws Exception {
    Channel client = connect(guard.allocator(), Pushing::new);
    Exchange exchange = openToRead(client);
    Channel stream = streams.take();
    ConnectionArena arena = ArenaLifecycleHandler.arena(stream);
    for (int i = 1; i <= 10; i++) {
      ByteBuf event = TestThreads.call(stream.eventLoop(), () -> stream.alloc().buffer(1000));
      assertThat(event.alloc()).isSameAs(arena);
      assertThat(arena.heldBytes()).isGreaterThanOrEqualTo(1000);
      event.writeZero(1000);
      stream.writeAndFlush(new DefaultHttp2DataFrame(event, i == 10)).syncUninterruptibly();
      TestThreads.run(stream.eventLoop(), () -> {});
      assertThat(arena.heldBytes()).isZero();
    }
    assertThat(exchange.answer()).hasSize(10_000);
    TestThreads.await("the stream's end", arena::isClosed);
    assertThat(arena.metric().resets()).isEqualTo(1);
    close(client, guard.allocator());
  }

  @Test
  void aStreamHoldsNothingBetweenTheWritesOfAnotherThread() throws Exception {
    ArenaByteBufAllocator allocator =
        guard.another(ArenaByteBufAllocator.builder().trimInterval(Duration.ofHours(1)));
    Channel client = connect(allocator, Pushing::new);
    Exchange exchange = openToRead(client);
    Channel stream = streams.take();
    ConnectionArena arena = ArenaLifecycleHandler.arena(stream);
    for (int i = 1; i <= 10; i++) {
      ByteBuf event = stream.alloc().buffer(1000).writeZero(1000);
      assertThat(arena.heldBytes()).isGreaterThanOrEqualTo(1000);
      stream.writeAndFlush(new DefaultHttp2DataFrame(event, i == 10)).syncUninterruptibly();
      TestThreads.run(stream.eventLoop(), () -> {});
      assertThat(arena.heldBytes()).isZero();
    }
    assertThat(exchange.answer()).hasSize(10_000);
    TestThreads.await("the stream's end", arena::isClosed);
    close(client, allocator);
  }

  @Test
  void aStreamHoldsNothingAfterManyWritesAndOneFlush() throws Exception {
    Channel client = connect(guard.allocator(), Pushing::new);
    Exchange exchange = openToRead(client);
    Channel stream = streams.take();
    ConnectionArena arena = ArenaLifecycleHandler.arena(stream);
    TestThreads.run(
        stream.eventLoop(),
        () -> {
          for (int i = 1; i <= 10; i++) {
            stream.alloc().buffer(100).release();
            ByteBuf event = stream.alloc().buffer(i * 1000).writeZero(i * 1000);
            stream.write(new DefaultHttp2DataFrame(event), stream.voidPromise());
          }
          stream.alloc().buffer(20_000).release();
          assertThat(arena.heldBytes()).isPositive();
          stream.flush();
        });
    TestThreads.await("the writes", () -> arena.heldBytes() == 0);
    assertThat(arena.isClosed()).isFalse();
    stream.writeAndFlush(new DefaultHttp2DataFrame(true)).syncUninterruptibly();
    assertThat(exchange.answer()).hasSize(55_000);
    close(client, guard.allocator());
  }

  /** Allocates as many bytes as the request has. */
  private static final class Greedy extends SimpleChannelInboundHandler<Http2Frame> {
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, Http2Frame frame) {
      if (frame instanceof Http2DataFrame data) {
        ByteBuf copy = ctx.alloc().buffer(data.content().getInt(0));
        ctx.write(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("200")));
        ctx.writeAndFlush(new DefaultHttp2DataFrame(copy.writeInt(copy.capacity()), true));
      }
    }

    @Override
    @SuppressWarnings("deprecation") // of the interface that declares it
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      // swallowed, as some handlers do
    }
  }

  @Test
  void aStreamOverTheBudgetIsResetAlone() throws Exception {
    ArenaByteBufAllocator allocator =
        guard.another(ArenaByteBufAllocator.builder().minBlockSize(BLOCK).hardBudget(64 * BLOCK));
    Channel client = connect(allocator, Greedy::new);
    Exchange greedy = open(client);
    greedy.headers(false);
    greedy.data(new byte[] {0, 8, 0, 0}, true);
    assertThat(greedy.answer.handle((answer, failure) -> String.valueOf(failure)).get())
        .contains("reset: " + Http2Error.CANCEL.code());
    for (int i = 0; i < 10; i++) {
      Exchange modest = open(client);
      modest.headers(false);
      modest.data(new byte[] {0, 0, 1, 0}, true);
      assertThat(modest.answer()).containsExactly(0, 0, 1, 0);
    }
    assertThat(log.lines("closed: budget of "))
        .singleElement()
        .asString()
        .contains("(H2 - ", "hardBudget: " + 64 * BLOCK);
    awaitClosedArenas(11);
    close(client, allocator);
  }

  @Test
  void streamsShareTheBudgetOfTheirConnection() throws Exception {
    ArenaByteBufAllocator allocator =
        guard.another(ArenaByteBufAllocator.builder().minBlockSize(BLOCK).hardBudget(64 * BLOCK));
    Channel client = connect(allocator, ChannelDuplexHandler::new);
    for (int i = 0; i < 4; i++) {
      open(client).headers(false);
    }
    TestThreads.await("the streams", () -> arenas.size() == 4);
    Channel server = accepted.take();
    List<ByteBuf> kept = new ArrayList<>();
    List<Throwable> refusals = new ArrayList<>();
    TestThreads.run(
        server.eventLoop(),
        () -> {
          for (ConnectionArena arena : arenas) {
            try {
              kept.add(arena.buffer(20 * BLOCK));
            } catch (ArenaBudgetExceededException e) {
              refusals.add(e);
            }
          }
        });
    assertThat(kept).hasSizeBetween(1, 3);
    assertThat(refusals).hasSize(4 - kept.size());
    kept.forEach(ByteBuf::release);
    close(client, allocator);
  }

  @Test
  void aResponseLargerThanTheSoftBudgetPassesThroughASmallWindow() throws Exception {
    ArenaByteBufAllocator allocator =
        guard.another(ArenaByteBufAllocator.builder().minBlockSize(BLOCK).softBudget(16 * BLOCK));
    Channel client = connect(allocator, Pushing::new);
    Exchange exchange = openToRead(client);
    Channel stream = streams.take();
    int size = 2 << 20; // many windows of HTTP/2's default
    byte[] sent = bytes(size, 7);
    ByteBuf large = TestThreads.call(stream.eventLoop(), () -> stream.alloc().buffer(size));
    stream.writeAndFlush(new DefaultHttp2DataFrame(large.writeBytes(sent), true));
    assertThat(exchange.answer()).isEqualTo(sent);
    awaitClosedArenas(1);
    close(client, allocator);
  }

  @Test
  void aBufferThatOutlivesItsStreamStaysValidAndIsReportedWithTheStream() throws Exception {
    List<LeakReport> leaks = new ArrayList<>();
    ArenaByteBufAllocator allocator =
        guard.another(
            ArenaByteBufAllocator.builder()
                .leakGrace(Duration.ofMillis(1))
                .leakListener(
                    leak -> {
                      synchronized (leaks) {
                        leaks.add(leak);
                      }
                    }));
    Channel client = connect(allocator, Echo::new);
    Exchange exchange = open(client);
    exchange.headers(false);
    Channel stream = streams.take();
    ByteBuf kept =
        TestThreads.call(stream.eventLoop(), () -> stream.alloc().buffer(8).writeLong(42));
    exchange.reset();
    awaitClosedArenas(1);
    assertThat(kept.getLong(0)).isEqualTo(42);
    TestThreads.await(
        "the report",
        () -> {
          synchronized (leaks) {
            return !leaks.isEmpty();
          }
        });
    assertThat(leaks).singleElement().asString().contains("(H2 - ", "8 bytes");
    kept.release();
    client.close().syncUninterruptibly();
    TestThreads.await("the last arena", () -> allocator.metric().openArenas() == 0);
  }

  @Test
  void aConnectionThatClosesClosesItsStreamsArenas() throws Exception {
    Channel client = connect(guard.allocator(), Echo::new);
    for (int i = 0; i < 50; i++) {
      Exchange exchange = open(client);
      exchange.headers(false);
      exchange.data(bytes(3000, i), false);
    }
    TestThreads.await("the streams", () -> arenas.size() == 50);
    close(client, guard.allocator());
    awaitClosedArenas(50);
  }

  @Test
  void anOutboundStreamHasAChildOfItsClientsArena() throws Exception {
    Channel client =
        connect(
            guard.allocator(),
            Echo::new,
            Http2Settings.defaultSettings(),
            new ArenaLifecycleHandler(guard.allocator()));
    Exchange exchange = new Exchange();
    Http2StreamChannel stream =
        new Http2StreamChannelBootstrap(client)
            .handler(new ArenaChannelInitializer(exchange))
            .open()
            .syncUninterruptibly()
            .getNow();
    exchange.stream = stream;
    ConnectionArena arena = ArenaLifecycleHandler.arena(stream);
    assertThat(arena.isRoot()).isFalse();
    assertThat(stream.alloc()).isSameAs(arena);
    exchange.headers(false);
    ByteBuf body = TestThreads.call(stream.eventLoop(), () -> stream.alloc().buffer(100));
    stream.writeAndFlush(new DefaultHttp2DataFrame(body.writeBytes(bytes(100, 3)), true));
    assertThat(exchange.answer()).isEqualTo(bytes(100, 3));
    TestThreads.await("its end", arena::isClosed);
    close(client, guard.allocator());
  }

  @Test
  void aStreamOfAConnectionWithoutAnArenaHasOneOfItsOwn() throws Exception {
    Channel client = connect(guard.allocator(), Echo::new);
    Exchange exchange = new Exchange();
    Http2StreamChannel stream =
        new Http2StreamChannelBootstrap(client)
            .handler(new ArenaChannelInitializer(guard.allocator(), exchange))
            .open()
            .syncUninterruptibly()
            .getNow();
    exchange.stream = stream;
    assertThat(ArenaLifecycleHandler.arena(stream).isRoot()).isTrue();
    exchange.headers(false);
    exchange.data(bytes(100, 3), true);
    assertThat(exchange.answer()).isEqualTo(bytes(100, 3));
    close(client, guard.allocator());
  }
}
