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
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import io.netty.handler.codec.http2.DefaultHttp2SettingsFrame;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Frame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2PingFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.codec.http2.Http2StreamChannelOption;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The windows of HTTP/2 streams whose connection is over its soft budget, over loopback. */
class StreamWindowTest {
  private static final int BLOCK = 4096;
  private static final int SOFT_BUDGET = 64 * BLOCK;
  private static final int UPLOAD = 4 << 20;

  @RegisterExtension private final UpstreamGuard guard = UpstreamGuard.of(Checks.OFF);

  private final EventLoopGroup loops = EventLoops.nio(2);
  private final BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
  private final BlockingQueue<Channel> streams = new LinkedBlockingQueue<>();
  private final BlockingQueue<Http2PingFrame> pings = new LinkedBlockingQueue<>();

  @AfterEach
  void end() {
    TestThreads.end(loops);
  }

  /** Echoes each frame as it arrives. */
  private static final class Echo extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (message instanceof Http2DataFrame data) {
        ctx.write(new DefaultHttp2DataFrame(data.content(), data.isEndStream()));
      } else {
        ReferenceCountUtil.release(message);
        ctx.write(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("200")));
      }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      ctx.flush();
    }
  }

  /** What a stream of the client received. */
  private static final class Answer extends SimpleChannelInboundHandler<Http2Frame> {
    private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, Http2Frame frame) {
      if (frame instanceof Http2DataFrame data) {
        received.writeBytes(ByteBufUtil.getBytes(data.content()));
        if (data.isEndStream()) {
          whole.complete(received.toByteArray());
        }
      }
    }
  }

  private ChannelHandler server(ArenaByteBufAllocator allocator, boolean opensWindows) {
    ChannelHandler stream =
        new ChannelInitializer<>() {
          @Override
          public boolean isSharable() {
            return true;
          }

          @Override
          protected void initChannel(Channel channel) {
            channel
                .config()
                .setOption(Http2StreamChannelOption.AUTO_STREAM_FLOW_CONTROL, opensWindows);
            channel.pipeline().addLast(new Echo());
            streams.add(channel);
          }
        };
    return new ArenaChannelInitializer(
        allocator,
        new ChannelInitializer<>() {
          @Override
          protected void initChannel(Channel channel) {
            accepted.add(channel);
            channel
                .pipeline()
                .addLast(
                    Http2FrameCodecBuilder.forServer().build(),
                    new Http2MultiplexHandler(new ArenaChannelInitializer(allocator, stream)));
          }
        });
  }

  /** A client that takes no answers before it opens its windows. */
  private Channel connect(ArenaByteBufAllocator allocator, boolean opensWindows) {
    Channel listening =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .childHandler(server(allocator, opensWindows))
            .bind(InetAddress.getLoopbackAddress(), 0)
            .syncUninterruptibly()
            .channel();
    return new Bootstrap()
        .group(loops)
        .channel(NioSocketChannel.class)
        .handler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel channel) {
                channel
                    .pipeline()
                    .addLast(
                        Http2FrameCodecBuilder.forClient()
                            .initialSettings(new Http2Settings().initialWindowSize(0))
                            .build(),
                        new Http2MultiplexHandler(new ChannelDuplexHandler()),
                        new SimpleChannelInboundHandler<Http2PingFrame>() {
                          @Override
                          protected void channelRead0(
                              ChannelHandlerContext ctx, Http2PingFrame ping) {
                            pings.add(ping);
                          }
                        });
              }
            })
        .connect(listening.localAddress())
        .syncUninterruptibly()
        .channel();
  }

  private static Answer post(Channel client, byte[] body) {
    Answer answer = new Answer();
    Channel stream =
        new Http2StreamChannelBootstrap(client)
            .handler(answer)
            .open()
            .syncUninterruptibly()
            .getNow();
    stream.write(
        new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().method("POST").path("/"), false));
    stream.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(body), true));
    return answer;
  }

  /** Each round lets both sides handle what the other has sent before. */
  private void exchangePings(Channel client, int rounds) throws InterruptedException {
    for (int i = 0; i < rounds; i++) {
      client.writeAndFlush(new DefaultHttp2PingFrame(i)).syncUninterruptibly();
      assertThat(pings.poll(10, TimeUnit.SECONDS)).isNotNull();
    }
  }

  private static void openWindows(Channel client) {
    client.writeAndFlush(
        new DefaultHttp2SettingsFrame(
            new Http2Settings().initialWindowSize(Http2CodecUtil.DEFAULT_WINDOW_SIZE)));
  }

  private static byte[] upload() {
    byte[] bytes = new byte[UPLOAD];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  private ArenaByteBufAllocator allocator() {
    return guard.another(
        ArenaByteBufAllocator.builder().minBlockSize(BLOCK).softBudget(SOFT_BUDGET));
  }

  private static boolean opensWindow(Channel stream) {
    return stream.config().getOption(Http2StreamChannelOption.AUTO_STREAM_FLOW_CONTROL);
  }

  private static void close(Channel client, ArenaByteBufAllocator allocator) {
    client.close().syncUninterruptibly();
    TestThreads.await("the last arena", () -> allocator.metric().openArenas() == 0);
    TestThreads.await("the last release", () -> allocator.metric().leasedMemory() == 0);
  }

  @Test
  void aClientThatTakesNoAnswerCannotSendFarBeyondTheSoftBudget() throws Exception {
    ArenaByteBufAllocator allocator = allocator();
    Channel client = connect(allocator, true);
    Answer answer = post(client, upload());
    Channel server = accepted.take();
    TestThreads.await("pressure", () -> ArenaLifecycleHandler.arena(server).isUnderPressure());
    exchangePings(client, 500);
    assertThat(ArenaLifecycleHandler.arena(server).heldBytes()).isLessThan(4L * SOFT_BUDGET);
    openWindows(client);
    assertThat(answer.whole.get(20, TimeUnit.SECONDS)).isEqualTo(upload());
    close(client, allocator);
  }

  @Test
  void aStreamThatBeginsUnderPressureOpensNoWindowEither() throws Exception {
    ArenaByteBufAllocator allocator = allocator();
    Channel client = connect(allocator, true);
    Answer first = post(client, upload());
    ConnectionArena arena = ArenaLifecycleHandler.arena(accepted.take());
    TestThreads.await("pressure", arena::isUnderPressure);
    streams.take();
    exchangePings(client, 2);
    Answer second = post(client, new byte[10]);
    Channel stream = streams.take();
    exchangePings(client, 2);
    assertThat(opensWindow(stream)).isFalse();
    openWindows(client);
    assertThat(first.whole.get(20, TimeUnit.SECONDS)).isEqualTo(upload());
    assertThat(second.whole.get(20, TimeUnit.SECONDS)).hasSize(10);
    close(client, allocator);
  }

  @Test
  void anApplicationThatOpensWindowsItselfIsLeftAlone() throws Exception {
    ArenaByteBufAllocator allocator = allocator();
    Channel client = connect(allocator, false);
    post(client, new byte[10]);
    Channel stream = streams.take();
    ConnectionArena arena = ArenaLifecycleHandler.arena(accepted.take());
    exchangePings(client, 2);
    ByteBuf large =
        TestThreads.call(stream.eventLoop(), () -> stream.alloc().buffer(2 * SOFT_BUDGET));
    exchangePings(client, 2);
    assertThat(arena.isUnderPressure()).isTrue();
    large.release();
    exchangePings(client, 2);
    assertThat(arena.isUnderPressure()).isFalse();
    assertThat(opensWindow(stream)).isFalse();
    close(client, allocator);
  }

  @Test
  void theWindowOpensWhenTheConnectionGoesOnWithoutAnArena() throws Exception {
    ArenaByteBufAllocator allocator = allocator();
    Channel client = connect(allocator, true);
    Answer answer = post(client, upload());
    Channel server = accepted.take();
    TestThreads.await("pressure", () -> ArenaLifecycleHandler.arena(server).isUnderPressure());
    exchangePings(client, 2);
    assertThat(opensWindow(streams.peek())).isFalse();
    TestThreads.run(
        server.eventLoop(), () -> server.pipeline().remove(ArenaLifecycleHandler.class));
    TestThreads.run(server.eventLoop(), () -> {});
    assertThat(opensWindow(streams.take())).isTrue();
    openWindows(client);
    assertThat(answer.whole.get(20, TimeUnit.SECONDS)).isEqualTo(upload());
    close(client, allocator);
  }
}
