package dev.tidepool.benchmarks.memory;

import dev.tidepool.benchmarks.Figures;
import dev.tidepool.benchmarks.LoopbackServer;
import dev.tidepool.benchmarks.Suite;
import dev.tidepool.benchmarks.Target;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Param;

/**
 * Large requests of one HTTP/2 connection, one after the other, of which the server has all before
 * it answers.
 */
@Suite(title = "Uploads", operation = "Requests of which a server has all before it answers.")
@Target(figure = Figures.PEAK_HELD, atMost = 1, thanBetter = true)
public class Uploads extends MemoryBenchmark {
  private static final int COUNT = 3;
  private static final int WORK_MILLIS = 50;
  private static final Duration STEP = Duration.ofMillis(5);

  /** What is sent, and whether Netty puts it together. */
  public enum Request {
    AGGREGATED(
        20_000_000, Http2CodecUtil.DEFAULT_WINDOW_SIZE, "%d MB uploaded over HTTP/2, aggregated"),

    /** The frames are kept until the end, as gRPC does with those of a message. */
    FRAMES_KEPT(16_000_000, 1 << 20, "a message of %d MB over HTTP/2, frames kept");

    private final int bytes;
    private final int window;
    private final String situation;

    Request(int bytes, int window, String situation) {
      this.bytes = bytes;
      this.window = window;
      this.situation = situation.formatted(bytes / 1_000_000);
    }
  }

  @Param public Request request;

  /** The requests are so many times as small. */
  @Param("1")
  public int divisor;

  @Override
  void measure() throws IOException, InterruptedException {
    try (Loops loops = new Loops();
        LoopbackServer server = new LoopbackServer(subject, loops.group(), this::setUp)) {
      start();
      List<Object> arguments = List.of(server.address().getPort(), request.bytes / divisor, COUNT);
      try (ClientProcess client = ClientProcess.start(Client.class, arguments)) {
        addLoad(request.situation, "uploads", client, STEP);
      }
    }
  }

  private void setUp(Channel connection) {
    Http2Settings settings = Http2Settings.defaultSettings().initialWindowSize(request.window);
    connection
        .pipeline()
        .addLast(
            Http2FrameCodecBuilder.forServer().initialSettings(settings).build(),
            new Http2MultiplexHandler(LoopbackServer.initializer(this::setUpStream)),
            new ConnectionWindow());
  }

  private void setUpStream(Channel stream) {
    stream.config().setAllocator(stream.parent().alloc());
    if (request == Request.AGGREGATED) {
      stream.pipeline().addLast(new Http2StreamFrameToHttpObjectCodec(true));
      stream.pipeline().addLast(new HttpObjectAggregator(2 * request.bytes));
    }
    stream.pipeline().addLast(new AnswerLater());
  }

  /** For all streams together as for each: the settings say only the latter. */
  private final class ConnectionWindow extends ChannelInboundHandlerAdapter {
    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      int more = request.window - Http2CodecUtil.DEFAULT_WINDOW_SIZE;
      if (more > 0) {
        var unused = ctx.writeAndFlush(new DefaultHttp2WindowUpdateFrame(more));
      }
      ctx.fireChannelActive();
    }
  }

  /** Keeps all of the request while it is worked on. */
  private static final class AnswerLater extends ChannelInboundHandlerAdapter {
    private final List<Object> request = new ArrayList<>();

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object part) {
      request.add(part);
      if (isLast(part)) {
        var unused = ctx.executor().schedule(() -> answer(ctx), WORK_MILLIS, TimeUnit.MILLISECONDS);
      }
    }

    private static boolean isLast(Object part) {
      return part instanceof Http2DataFrame frame
          ? frame.isEndStream()
          : part instanceof LastHttpContent;
    }

    private void answer(ChannelHandlerContext ctx) {
      request.forEach(ReferenceCountUtil::release);
      Http2Headers ok = new DefaultHttp2Headers().status("200");
      var unused = ctx.writeAndFlush(new DefaultHttp2HeadersFrame(ok, true));
    }
  }

  /**
   * Sends large HTTP/2 requests over one connection, with prior knowledge, each when the last is
   * answered.
   */
  public static final class Client {
    private Client() {}

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
          .handler(LoopbackServer.initializer(Client::setUp))
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
}
