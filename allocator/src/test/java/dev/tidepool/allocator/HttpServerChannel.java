package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A fixture with the channel of an HTTP/1.1 server, whose requests the test sends and answers. */
abstract class HttpServerChannel {
  static final String HOST = "Host: loopback\r\n";
  static final String GET = "GET / HTTP/1.1\r\n" + HOST + "\r\n";
  static final String POST = "POST / HTTP/1.1\r\n" + HOST + "Content-Length: 4\r\n\r\n";
  static final String POST_THAT_WAITS =
      "POST / HTTP/1.1\r\n" + HOST + "Content-Length: 4\r\nExpect: 100-continue\r\n\r\n";
  static final String BODY = "body";

  @RegisterExtension final UpstreamGuard guard = UpstreamGuard.of(Checks.FULL);

  final List<HttpObject> received = new ArrayList<>();
  EmbeddedChannel channel;

  @BeforeEach
  void open() {
    channel = new EmbeddedChannel();
    channel
        .pipeline()
        .addLast(new ArenaLifecycleHandler(guard.allocator()))
        .addLast(new HttpServerCodec())
        .addLast(RequestBoundary.http1())
        .addLast(new Server());
  }

  final class Server extends SimpleChannelInboundHandler<HttpObject> {
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
      received.add(message);
    }
  }

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
    assertThat(guard.allocator().metric().openArenas()).isZero();
  }

  final ConnectionArena arena() {
    return ArenaLifecycleHandler.arena(channel);
  }

  final void receive(String bytes) {
    channel.writeInbound(
        channel.alloc().buffer().writeBytes(bytes.getBytes(StandardCharsets.US_ASCII)));
    channel.checkException();
  }

  final void write(Object... messages) {
    channel.writeOutbound(messages);
    for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
      out.release();
    }
  }

  final void assertEnded(int requests) {
    assertThat(arena().metric().resets()).isEqualTo(requests);
  }

  static DefaultFullHttpResponse full(HttpResponseStatus status) {
    DefaultFullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, status, Unpooled.copiedBuffer("ok", StandardCharsets.US_ASCII));
    response.headers().set(HttpHeaderNames.CONTENT_LENGTH, 2);
    return response;
  }

  static DefaultFullHttpResponse empty(HttpResponseStatus status) {
    return new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.EMPTY_BUFFER);
  }

  static HttpResponse chunked(HttpResponseStatus status) {
    HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, status);
    response.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    return response;
  }

  static DefaultHttpContent content() {
    return new DefaultHttpContent(Unpooled.copiedBuffer("part", StandardCharsets.US_ASCII));
  }
}
