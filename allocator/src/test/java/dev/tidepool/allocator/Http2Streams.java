package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Frame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A fixture of HTTP/2 servers whose connections and streams have arenas, over loopback sockets with
 * Netty's frame codec and multiplexer at both ends.
 */
abstract class Http2Streams {
  static final int BLOCK = 4096;

  @RegisterExtension final UpstreamGuard guard = UpstreamGuard.of(Checks.OFF);
  @RegisterExtension final CapturedLog log = new CapturedLog();

  final EventLoopGroup loops = EventLoops.nio(2);
  final BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();

  /** The server's streams, in the order in which their first message arrived. */
  final BlockingQueue<Channel> streams = new LinkedBlockingQueue<>();

  final Queue<ConnectionArena> arenas = new ConcurrentLinkedQueue<>();

  @AfterEach
  void end() {
    TestThreads.end(loops);
  }

  // Servers and clients

  Channel connect(ArenaByteBufAllocator allocator, Supplier<ChannelHandler> server) {
    return connect(allocator, server, Http2Settings.defaultSettings(), new ChannelDuplexHandler());
  }

  /** Connects a client, whose own connection has no arena. */
  Channel connect(
      ArenaByteBufAllocator allocator,
      Supplier<ChannelHandler> server,
      Http2Settings clients,
      ChannelHandler first) {
    ChannelHandler streamInitializer =
        initializer(
            stream -> {
              streams.add(stream);
              arenas.add(ArenaLifecycleHandler.arena(stream));
              stream.pipeline().addLast(server.get());
            });
    ChannelHandler connectionInitializer =
        initializer(
            channel -> {
              accepted.add(channel);
              channel
                  .pipeline()
                  .addLast(
                      Http2FrameCodecBuilder.forServer()
                          .decoderEnforceMaxRstFramesPerWindow(10_000, 1)
                          .initialSettings(new Http2Settings().maxConcurrentStreams(2000))
                          .build(),
                      new Http2MultiplexHandler(
                          new ArenaChannelInitializer(allocator, streamInitializer)));
            });
    Channel listening =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .childHandler(new ArenaChannelInitializer(allocator, connectionInitializer))
            .bind(InetAddress.getLoopbackAddress(), 0)
            .syncUninterruptibly()
            .channel();
    return new Bootstrap()
        .group(loops)
        .channel(NioSocketChannel.class)
        .handler(
            initializer(
                channel ->
                    channel
                        .pipeline()
                        .addLast(
                            first,
                            Http2FrameCodecBuilder.forClient().initialSettings(clients).build(),
                            new Http2MultiplexHandler(new ChannelDuplexHandler()))))
        .connect(listening.localAddress())
        .syncUninterruptibly()
        .channel();
  }

  interface Pipeline {
    void of(Channel channel);
  }

  static ChannelInitializer<Channel> initializer(Pipeline pipeline) {
    return new ChannelInitializer<>() {
      @Override
      public boolean isSharable() {
        return true;
      }

      @Override
      protected void initChannel(Channel channel) {
        pipeline.of(channel);
      }
    };
  }

  /** Collects a request in the stream's arena, and answers with it at its end. */
  static final class Echo extends SimpleChannelInboundHandler<Http2Frame> {
    private ByteBuf body;

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, Http2Frame frame) {
      if (frame instanceof Http2DataFrame data) {
        body = body == null ? ctx.alloc().buffer() : body;
        body.writeBytes(data.content());
        if (data.isEndStream()) {
          ctx.write(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("200")));
          ctx.writeAndFlush(new DefaultHttp2DataFrame(body, true));
          body = null;
        }
      }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
      ReferenceCountUtil.release(body);
    }
  }

  /** A stream of the client, with what it received. */
  static final class Exchange extends SimpleChannelInboundHandler<Http2Frame> {
    final CompletableFuture<byte[]> answer = new CompletableFuture<>();
    final ByteArrayOutputStream received = new ByteArrayOutputStream();
    Channel stream;

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, Http2Frame frame) {
      if (frame instanceof Http2DataFrame data) {
        received.writeBytes(ByteBufUtil.getBytes(data.content()));
        if (data.isEndStream()) {
          answer.complete(received.toByteArray());
        }
      }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof Http2ResetFrame reset) {
        answer.completeExceptionally(new IllegalStateException("reset: " + reset.errorCode()));
      }
    }

    byte[] answer() throws Exception {
      return answer.get(20, TimeUnit.SECONDS);
    }

    void headers(boolean isEnd) {
      stream.writeAndFlush(
          new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().method("POST").path("/"), isEnd));
    }

    void data(byte[] bytes, boolean isEnd) {
      stream.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(bytes), isEnd));
    }

    void reset() {
      stream.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL));
    }
  }

  static Exchange open(Channel client) {
    Exchange exchange = new Exchange();
    exchange.stream =
        new Http2StreamChannelBootstrap(client)
            .handler(exchange)
            .open()
            .syncUninterruptibly()
            .getNow();
    return exchange;
  }

  static void exchange(Channel client) throws Exception {
    Exchange exchange = open(client);
    exchange.headers(false);
    exchange.data(bytes(10, 0), true);
    assertThat(exchange.answer()).isEqualTo(bytes(10, 0));
  }

  static byte[] bytes(int count, int seed) {
    byte[] bytes = new byte[count];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  void awaitClosedArenas(int count) {
    TestThreads.await("the streams' arenas", () -> arenas.size() == count);
    TestThreads.await("their end", () -> arenas.stream().allMatch(ConnectionArena::isClosed));
  }

  /** Ends the connection, after which nothing is held. */
  void close(Channel client, ArenaByteBufAllocator allocator) {
    client.close().syncUninterruptibly();
    TestThreads.await("the last arena", () -> allocator.metric().openArenas() == 0);
    TestThreads.await("the last release", () -> allocator.metric().leasedMemory() == 0);
    assertThat(allocator.metric().leaks()).isZero();
  }
}
