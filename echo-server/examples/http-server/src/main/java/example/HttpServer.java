package example;

import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.allocator.ArenaChannelInitializer;
import dev.tidepool.allocator.ArenaMeterBinder;
import dev.tidepool.allocator.Recording;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.codec.http.HttpVersion;

/** An HTTP server: POST comes back, /metrics is for Prometheus, and /leak forgets a buffer. */
public final class HttpServer {
  private static final ArenaByteBufAllocator ALLOCATOR =
      ArenaByteBufAllocator.builder()
          .hardBudget(16L << 20) // bodies of 1 MiB, aggregated: see the documentation of budgets
          .recording(Recording.ALL) // in production SAMPLED
          .build();
  private static final PrometheusMeterRegistry METERS =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  public static void main(String[] args) throws InterruptedException {
    new ArenaMeterBinder(ALLOCATOR).bindTo(METERS);
    EventLoopGroup loops = new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory());
    ChannelInitializer<Channel> handlers =
        new ChannelInitializer<>() {
          @Override
          protected void initChannel(Channel channel) {
            channel.pipeline().addLast(new HttpServerCodec(), new HttpServerKeepAliveHandler());
            channel.pipeline().addLast(new HttpObjectAggregator(1 << 20), new Answers());
          }
        };
    ServerBootstrap server = new ServerBootstrap().group(loops).channel(NioServerSocketChannel.class);
    server.childHandler(new ArenaChannelInitializer(ALLOCATOR, handlers)); // the one line
    Channel listening = server.bind("127.0.0.1", Integer.parseInt(args[0])).sync().channel();
    System.out.println("listening on http:/" + listening.localAddress());
    listening.closeFuture().sync();
  }

  private static final class Answers extends SimpleChannelInboundHandler<FullHttpRequest> {
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
      ByteBuf body =
          switch (request.uri()) {
            case "/metrics" -> ByteBufUtil.writeUtf8(ctx.alloc(), METERS.scrape());
            case "/leak" -> ctx.alloc().buffer(64).writeBytes(request.content()).retain(); // once too often
            default -> request.content().retain();
          };
      FullHttpResponse response =
          new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, body);
      response.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
      ctx.writeAndFlush(response);
    }
  }
}
