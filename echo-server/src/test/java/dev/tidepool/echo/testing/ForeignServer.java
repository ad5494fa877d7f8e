package dev.tidepool.echo.testing;

import dev.tidepool.echo.tls.ServerTls;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A server of Netty's own codecs of HTTP/1.1, WebSocket or HTTP/2, which knows nothing of echoes
 * but at some of its paths: {@link ForeignHandler} has them.
 */
public final class ForeignServer implements AutoCloseable {
  private static final int LARGEST = 20 << 20;

  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final AtomicInteger connections = new AtomicInteger();
  private final boolean isHttp2;
  private final @Nullable ServerTls tls;
  private final int port;

  private ForeignServer(boolean isHttp2, @Nullable ServerTls tls) {
    this.isHttp2 = isHttp2;
    this.tls = tls;
    Channel listener =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .childOption(ChannelOption.ALLOCATOR, UnpooledByteBufAllocator.DEFAULT)
            .childHandler(new Pipeline())
            .bind(InetAddress.getLoopbackAddress(), 0)
            .syncUninterruptibly()
            .channel();
    port = ((InetSocketAddress) listener.localAddress()).getPort();
  }

  public static ForeignServer http1() {
    return new ForeignServer(false, null);
  }

  public static ForeignServer http1(ServerTls tls) {
    return new ForeignServer(false, tls);
  }

  /** With prior knowledge. */
  public static ForeignServer http2() {
    return new ForeignServer(true, null);
  }

  /** By ALPN. */
  public static ForeignServer http2(ServerTls tls) {
    return new ForeignServer(true, tls);
  }

  private final class Pipeline extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {
      connections.incrementAndGet();
      ChannelPipeline pipeline = channel.pipeline();
      if (tls != null) {
        tls.addHandlers(pipeline);
      }
      if (isHttp2) {
        pipeline.addLast(
            Http2FrameCodecBuilder.forServer().build(), new Http2MultiplexHandler(new Streams()));
      } else {
        pipeline.addLast(
            new HttpServerCodec(),
            new HttpObjectAggregator(LARGEST),
            new WebSocketServerProtocolHandler(
                WebSocketServerProtocolConfig.newBuilder()
                    .websocketPath("/socket")
                    .maxFramePayloadLength(LARGEST)
                    .build()),
            new WebSocketFrameAggregator(LARGEST),
            new ForeignHandler(new AtomicInteger()));
      }
    }
  }

  private static final class Streams extends ChannelInitializer<Channel> {
    private final AtomicInteger requests = new AtomicInteger();

    @Override
    public boolean isSharable() {
      return true;
    }

    @Override
    protected void initChannel(Channel stream) {
      stream
          .pipeline()
          .addLast(
              new Http2StreamFrameToHttpObjectCodec(true),
              new HttpObjectAggregator(LARGEST),
              new ForeignHandler(requests));
    }
  }

  /** How many connections were accepted. */
  public int connections() {
    return connections.get();
  }

  /** The URL of a path, as {@code url("http", "/fixed")}. */
  public String url(String scheme, String path) {
    return scheme + "://localhost:" + port + path;
  }

  @Override
  public void close() {
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
