package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpChunkedInput;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.stream.ChunkedStream;
import io.netty.handler.stream.ChunkedWriteHandler;
import java.io.ByteArrayInputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The ends of an HTTP/1.1 server's requests, by RFC 9110 and 9112. */
class HttpBoundaryTest extends HttpServerChannel {
  private int callbacks;

  // One request

  @Test
  void aRequestEndsWithItsResponse() {
    for (int i = 1; i <= 3; i++) {
      receive(GET);
      assertEnded(i - 1);
      write(full(HttpResponseStatus.OK));
      assertEnded(i);
    }
    assertThat(arena().metric().requests()).isEqualTo(3);
  }

  @Test
  void theResponseEndsWithItsLastPart() {
    receive(GET);
    write(chunked(HttpResponseStatus.OK));
    write(content(), content());
    assertEnded(0);
    write(LastHttpContent.EMPTY_LAST_CONTENT);
    assertEnded(1);
  }

  @Test
  void aRequestInManyReadsIsOneRequest() {
    for (String part :
        List.of("POST / HT", "TP/1.1\r\n" + HOST, "Content-Length: 4\r\n\r\n", "bo")) {
      receive(part);
    }
    assertEnded(0);
    receive("dy");
    write(full(HttpResponseStatus.OK));
    assertEnded(1);
  }

  @Test
  void anEarlyResponseEndsTheRequestWhenItsBodyHasArrived() {
    receive(POST);
    receive("bo");
    write(full(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE));
    assertEnded(0);
    receive("dy");
    assertEnded(1);
    receive(GET);
    write(full(HttpResponseStatus.OK));
    assertEnded(2);
  }

  @Test
  void aHeadRequestEndsWithoutABody() {
    receive("HEAD / HTTP/1.1\r\n" + HOST + "\r\n");
    HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    response.headers().set(HttpHeaderNames.CONTENT_LENGTH, 1_000_000);
    write(response, LastHttpContent.EMPTY_LAST_CONTENT);
    assertEnded(1);
  }

  @Test
  void anUndecodableMessageIsARequestToo() {
    receive("NOT HTTP AT ALL\r\n\r\n");
    assertThat(received.get(0).decoderResult().isFailure()).isTrue();
    write(full(HttpResponseStatus.BAD_REQUEST));
    assertEnded(1);
  }

  @Test
  void aResponseWithoutARequestIsAnExchangeOfItsOwn() {
    write(full(HttpResponseStatus.REQUEST_TIMEOUT));
    assertEnded(1);
    receive(GET);
    assertEnded(1);
    write(full(HttpResponseStatus.OK));
    assertEnded(2);
  }

  @Test
  void aChunkedInputEndsItsResponse() {
    channel
        .pipeline()
        .addAfter(
            channel.pipeline().context(HttpServerCodec.class).name(),
            "chunks",
            new ChunkedWriteHandler());
    receive(GET);
    write(chunked(HttpResponseStatus.OK));
    assertEnded(0);
    write(new HttpChunkedInput(new ChunkedStream(new ByteArrayInputStream(new byte[100_000]))));
    assertEnded(1);
  }

  @Test
  void theResetWaitsForAHandlerThatAnswersAtOnce() {
    channel
        .pipeline()
        .addLast(
            new SimpleChannelInboundHandler<HttpObject>() {
              @Override
              protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
                ctx.writeAndFlush(full(HttpResponseStatus.OK));
                assertEnded(0);
                arena().onReset(() -> callbacks++);
              }
            });
    channel.pipeline().remove(Server.class);
    channel
        .pipeline()
        .addBefore(channel.pipeline().lastContext().name(), "whole", new HttpObjectAggregator(100));
    receive(GET);
    assertEnded(1);
    assertThat(callbacks).isEqualTo(1);
    write();
  }

  /** Fails like an encoder that cannot encode a head. */
  private static final class FailsChunkedHeads extends ChannelOutboundHandlerAdapter {
    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
      if (message instanceof HttpResponse && !(message instanceof LastHttpContent)) {
        promise.setFailure(new IllegalStateException("fails on purpose"));
      } else {
        ctx.write(message, promise);
      }
    }
  }

  @Test
  void aResponseThatReplacesAnUnencodableOneEndsTheRequest() {
    channel
        .pipeline()
        .addAfter(
            channel.pipeline().context(HttpServerCodec.class).name(),
            "fails",
            new FailsChunkedHeads());
    for (int i = 1; i <= 3; i++) {
      receive(GET);
      var failed = channel.write(chunked(HttpResponseStatus.OK));
      assertThat(failed.cause()).hasMessage("fails on purpose");
      assertEnded(i - 1);
      write(full(HttpResponseStatus.INTERNAL_SERVER_ERROR));
      assertEnded(i);
    }
  }

  // Pipelining

  @Test
  void pipelinedRequestsShareTheArenaUntilNoneIsOpen() {
    receive(GET + GET + GET);
    assertThat(received).hasSize(6); // each response with its last part
    write(full(HttpResponseStatus.OK));
    write(full(HttpResponseStatus.OK));
    assertEnded(0);
    write(full(HttpResponseStatus.OK));
    assertEnded(1);
  }

  @Test
  void aRequestThatBeginsWhileAResponseIsWrittenKeepsTheArena() {
    receive(GET);
    write(chunked(HttpResponseStatus.OK), content());
    receive(POST + "bo");
    write(LastHttpContent.EMPTY_LAST_CONTENT);
    assertEnded(0);
    receive("dy");
    write(full(HttpResponseStatus.OK));
    assertEnded(1);
  }

  // Other protocols afterwards

  @Test
  void afterAnUpgradeReadBurstsAreRequests() {
    receive("GET / HTTP/1.1\r\n" + HOST + "Connection: upgrade\r\nUpgrade: other\r\n\r\n");
    write(empty(HttpResponseStatus.SWITCHING_PROTOCOLS));
    assertEnded(1);
    channel.pipeline().remove(HttpServerCodec.class);
    for (int i = 2; i <= 4; i++) {
      receive("bytes of another protocol");
      assertEnded(i);
      ByteBuf bytes = channel.readInbound();
      bytes.release();
    }
  }

  @Test
  void aTunnelBeginsAfterTheResponsesHead() {
    receive("CONNECT example:1 HTTP/1.1\r\n" + HOST + "\r\n");
    write(new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
    assertEnded(1);
    channel.pipeline().remove(HttpServerCodec.class);
    receive("bytes");
    assertEnded(2);
    ByteBuf bytes = channel.readInbound();
    bytes.release();
  }

  @Test
  void aRefusedTunnelIsAnOrdinaryExchange() {
    receive("CONNECT example:1 HTTP/1.1\r\n" + HOST + "\r\n");
    write(full(HttpResponseStatus.PROXY_AUTHENTICATION_REQUIRED));
    assertEnded(1);
    receive("bytes that begin a requ");
    assertEnded(1);
  }

  // The end of the connection

  @Test
  void anOpenRequestEndsWithItsConnection() {
    receive(POST + "bo");
    arena().onReset(() -> callbacks++);
    channel.close();
    channel.runPendingTasks();
    assertThat(callbacks).isEqualTo(1);
    assertEnded(1);
  }

  @Test
  void callbacksRunOnceForEachEnd() {
    for (int i = 1; i <= 3; i++) {
      receive(GET + GET);
      arena().onReset(() -> callbacks++);
      write(full(HttpResponseStatus.OK));
      assertThat(callbacks).isEqualTo(i - 1);
      write(full(HttpResponseStatus.OK));
      assertThat(callbacks).isEqualTo(i);
    }
    channel.close();
    assertThat(callbacks).isEqualTo(3);
  }

  @Test
  void aHoldKeepsARequestOpenAfterItsResponse() {
    receive(GET);
    var hold = arena().hold();
    write(full(HttpResponseStatus.OK));
    assertEnded(0);
    hold.close();
    assertEnded(1);
  }
}
