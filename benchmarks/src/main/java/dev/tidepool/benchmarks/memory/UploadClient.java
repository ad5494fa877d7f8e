package dev.tidepool.benchmarks.memory;

import dev.tidepool.benchmarks.LoopbackServer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import java.io.OutputStream;
import java.net.InetAddress;
import java.util.concurrent.CountDownLatch;

/**
 * Sends large HTTP/2 requests over one connection, with prior knowledge, each when the last is
 * answered.
 */
final class UploadClient {
  private UploadClient() {}

  /** {@code PORT BYTES COUNT}. */
  public static void main(String[] args) throws Exception {
    Channel connection = connect(Integer.parseInt(args[0]));
    int count = Integer.parseInt(args[2]);
    for (int i = 0; i < count; i++) {
      upload(connection, Integer.parseInt(args[1]));
    }
    System.out.println(count);
    System.in.transferTo(OutputStream.nullOutputStream());
    System.exit(0);
  }

  private static Channel connect(int port) throws InterruptedException {
    return EchoClient.bootstrap(new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory()))
        .handler(LoopbackServer.initializer(UploadClient::setUp))
        .connect(InetAddress.getLoopbackAddress(), port)
        .sync()
        .channel();
  }

  private static void setUp(Channel connection) {
    Http2MultiplexHandler streams = new Http2MultiplexHandler(new ChannelInboundHandlerAdapter());
    connection.pipeline().addLast(Http2FrameCodecBuilder.forClient().build(), streams);
  }

  private static void upload(Channel connection, int bytes) throws InterruptedException {
    Answer answer = new Answer();
    Channel stream =
        new Http2StreamChannelBootstrap(connection).handler(answer).open().sync().getNow();
    DefaultHttp2Headers headers = new DefaultHttp2Headers();
    headers.method("POST").scheme("http").authority("localhost").path("/");
    var unused = stream.write(new DefaultHttp2HeadersFrame(headers));
    ByteBuf body = connection.alloc().directBuffer(bytes).writeZero(bytes);
    var unused2 = stream.writeAndFlush(new DefaultHttp2DataFrame(body, true));
    answer.came.await();
  }

  private static final class Answer extends SimpleChannelInboundHandler<Http2HeadersFrame> {
    private final CountDownLatch came = new CountDownLatch(1);

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, Http2HeadersFrame frame) {
      came.countDown();
    }
  }
}
