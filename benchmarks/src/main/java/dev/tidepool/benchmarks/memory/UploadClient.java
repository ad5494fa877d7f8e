package dev.tidepool.benchmarks.memory;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import java.io.OutputStream;
import java.net.InetAddress;
import java.util.concurrent.CountDownLatch;

/**
 * Sends large HTTP/2 requests over one connection, with prior knowledge, each when the last is
 * answered.
 */
final class UploadClient {
  private final Channel connection;

  private UploadClient(int port) throws InterruptedException {
    connection =
        new Bootstrap()
            .group(new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory()))
            .channel(NioSocketChannel.class)
            .option(ChannelOption.ALLOCATOR, new UnpooledByteBufAllocator(true))
            .handler(new Pipeline())
            .connect(InetAddress.getLoopbackAddress(), port)
            .sync()
            .channel();
  }

  /** {@code PORT BYTES COUNT}. */
  public static void main(String[] args) throws Exception {
    UploadClient client = new UploadClient(Integer.parseInt(args[0]));
    int count = Integer.parseInt(args[2]);
    for (int i = 0; i < count; i++) {
      client.upload(Integer.parseInt(args[1]));
    }
    System.out.println(count);
    System.in.transferTo(OutputStream.nullOutputStream());
    System.exit(0);
  }

  private void upload(int bytes) throws InterruptedException {
    CountDownLatch answered = new CountDownLatch(1);
    Channel stream =
        new Http2StreamChannelBootstrap(connection)
            .handler(new Answer(answered))
            .open()
            .sync()
            .getNow();
    DefaultHttp2Headers headers = new DefaultHttp2Headers();
    headers.method("POST").scheme("http").authority("localhost").path("/");
    var unused = stream.write(new DefaultHttp2HeadersFrame(headers));
    ByteBuf body = connection.alloc().directBuffer(bytes).writeZero(bytes);
    var unused2 = stream.writeAndFlush(new DefaultHttp2DataFrame(body, true));
    answered.await();
  }

  private static final class Pipeline extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {
      channel
          .pipeline()
          .addLast(
              Http2FrameCodecBuilder.forClient().build(),
              new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()));
    }
  }

  private static final class Answer extends ChannelInboundHandlerAdapter {
    private final CountDownLatch answered;

    Answer(CountDownLatch answered) {
      this.answered = answered;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object frame) {
      if (frame instanceof Http2HeadersFrame) {
        answered.countDown();
      }
      ReferenceCountUtil.release(frame);
    }
  }
}
