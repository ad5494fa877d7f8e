package dev.tidepool.echo.protocol.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidepool.echo.protocol.BadStatusException;
import dev.tidepool.echo.protocol.Payload;
import dev.tidepool.echo.protocol.Request;
import dev.tidepool.echo.protocol.WrongAnswerException;
import dev.tidepool.echo.protocol.url.AnswerCheck;
import dev.tidepool.echo.protocol.url.HttpTarget;
import dev.tidepool.echo.protocol.url.TargetUrl;
import dev.tidepool.echo.protocol.url.Verification;
import dev.tidepool.echo.testing.CountedAnswers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** HTTP/2 with a server that the test plays: what becomes of each stream. */
class Http2TargetClientTest {
  private final CountedAnswers counter = new CountedAnswers();
  private final List<Http2FrameStream> streams = new ArrayList<>();
  private final List<Http2Headers> heads = new ArrayList<>();
  private EmbeddedChannel client;
  private EmbeddedChannel server;
  private Http2FrameCodec serverCodec;
  private Http2TargetClient target;

  @BeforeEach
  void connect() throws Exception {
    connect(Integer.MAX_VALUE);
  }

  private void connect(int mostStreams) throws Exception {
    HttpTarget request =
        new HttpTarget(
            TargetUrl.parse("https://host:81/path?query"),
            "GET",
            List.of(Map.entry("X-Own", "own")),
            null);
    target = new Http2TargetClient(request, new AnswerCheck(Verification.STATUS, Request::payload));
    client = new EmbeddedChannel();
    target.addCodec(client.pipeline());
    serverCodec =
        Http2FrameCodecBuilder.forServer()
            .initialSettings(new Http2Settings().maxConcurrentStreams(mostStreams))
            .build();
    server = new EmbeddedChannel(serverCodec);
    exchange();
  }

  /**
   * Carries the bytes of both sides to the other, until there are no more; throws what a pipeline's
   * handlers report.
   */
  private void exchange() throws WrongAnswerException {
    boolean carried;
    do {
      carried = carry(client, server);
      carried |= carry(server, client);
      takeRequests();
      takeAnswers();
    } while (carried);
  }

  private static boolean carry(EmbeddedChannel from, EmbeddedChannel to) {
    boolean any = false;
    from.flush();
    for (ByteBuf part = from.readOutbound(); part != null; part = from.readOutbound()) {
      to.writeInbound(part);
      any = true;
    }
    return any;
  }

  private void takeRequests() {
    for (Object frame = server.readInbound(); frame != null; frame = server.readInbound()) {
      if (frame instanceof Http2HeadersFrame head) {
        streams.add(head.stream());
        heads.add(head.headers());
      }
      ReferenceCountUtil.release(frame);
    }
  }

  private void takeAnswers() throws WrongAnswerException {
    for (Object frame = client.readInbound(); frame != null; frame = client.readInbound()) {
      try {
        target.receive(frame, counter);
      } finally {
        ReferenceCountUtil.release(frame);
      }
    }
  }

  private void send(int count) throws WrongAnswerException {
    for (int sequence = 0; sequence < count; sequence++) {
      Request request = new Request(sequence, new Payload(sequence, 8));
      // As the load does it: a write that fails is an exception of the pipeline.
      target
          .encode(request, UnpooledByteBufAllocator.DEFAULT)
          .forEach(message -> client.write(message, client.voidPromise()));
    }
    exchange();
  }

  private void head(int request, String status, boolean isEnd) throws WrongAnswerException {
    answer(request, new DefaultHttp2Headers().status(status), isEnd);
  }

  private void answer(int request, Http2Headers headers, boolean isEnd)
      throws WrongAnswerException {
    server.writeOutbound(new DefaultHttp2HeadersFrame(headers, isEnd).stream(streams.get(request)));
    exchange();
  }

  private void data(int request, String text, boolean isEnd) throws WrongAnswerException {
    ByteBuf bytes = Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.UTF_8));
    server.writeOutbound(new DefaultHttp2DataFrame(bytes, isEnd).stream(streams.get(request)));
    exchange();
  }

  private void reset(int request, Http2Error error) throws WrongAnswerException {
    server.writeOutbound(new DefaultHttp2ResetFrame(error).stream(streams.get(request)));
    exchange();
  }

  private void goAway(int lastStream, Http2Error error) throws WrongAnswerException {
    ChannelHandlerContext ctx = server.pipeline().context(serverCodec);
    serverCodec
        .encoder()
        .writeGoAway(ctx, lastStream, error.code(), Unpooled.EMPTY_BUFFER, ctx.newPromise());
    ctx.flush();
    exchange();
  }

  @AfterEach
  void close() {
    client.finishAndReleaseAll();
    server.finishAndReleaseAll();
  }

  @Test
  void aRequestIsItsHead() throws Exception {
    send(2);
    assertThat(heads)
        .hasSize(2)
        .allSatisfy(
            head -> {
              assertThat(head.method()).hasToString("GET");
              assertThat(head.scheme()).hasToString("https");
              assertThat(head.authority()).hasToString("host:81");
              assertThat(head.path()).hasToString("/path?query");
              assertThat(head.get("x-own")).hasToString("own");
            });
  }

  @Test
  void anAnswerMayHaveInterimHeadsAndTrailers() throws Exception {
    send(1);
    head(0, "103", false);
    head(0, "200", false);
    data(0, "hello", false);
    assertThat(counter.complete()).isZero();
    answer(0, new DefaultHttp2Headers().set("trailer", "1"), true);
    assertThat(counter.complete()).isEqualTo(1);
    assertThat(counter.unverified()).isEqualTo(5);
  }

  @Test
  void aStatusThatIsAnErrorIsNoEndOfTheConnection() throws Exception {
    send(2);
    head(0, "500", true);
    head(1, "200", true);
    assertThat(counter.complete()).isEqualTo(1);
    assertThat(counter.refused()).extracting(BadStatusException::status).containsExactly(500);
    assertThat(target.isEnding()).isFalse();
  }

  @Test
  void whatIsBehindTheLastStreamIsLeftAside() throws Exception {
    send(4);
    head(0, "200", true);
    goAway(streams.get(1).id(), Http2Error.NO_ERROR);
    assertThat(target.isEnding()).isTrue();
    assertThat(counter.complete()).isEqualTo(1);
    // In the order of the streams, where the second request has its answer yet to come.
    assertThat(counter.leftAside()).containsExactly(2L, 3L);
  }

  @Test
  void whatTheServerNeverTookIsLeftAside() throws Exception {
    close();
    streams.clear();
    connect(1);
    send(3);
    assertThat(streams).as("of the requests that the server takes").hasSize(1);
    goAway(streams.get(0).id(), Http2Error.NO_ERROR);
    assertThat(counter.leftAside()).containsExactly(1L, 2L);
    head(0, "200", true);
    assertThat(counter.complete()).isEqualTo(1);
  }

  @Test
  void aStreamThatIsAnsweredMayBeReset() throws Exception {
    send(1);
    head(0, "200", true);
    reset(0, Http2Error.NO_ERROR);
    assertThat(counter.complete()).isEqualTo(1);
  }

  @Test
  void aStreamThatIsResetBeforeItsAnswerIsAnError() throws Exception {
    send(2);
    head(0, "200", false);
    assertThatThrownBy(() -> reset(0, Http2Error.NO_ERROR))
        .isInstanceOf(CodecException.class)
        .hasMessageContaining("was reset with NO_ERROR before its answer was complete");
    assertThatThrownBy(() -> reset(1, Http2Error.REFUSED_STREAM))
        .isInstanceOf(Http2Exception.class)
        .hasMessageContaining("with REFUSED_STREAM");
  }

  @Test
  void aConnectionThatIsEndedWithAnErrorIsAnError() throws Exception {
    send(1);
    assertThatThrownBy(() -> goAway(streams.get(0).id(), Http2Error.ENHANCE_YOUR_CALM))
        .isInstanceOf(Http2Exception.class)
        .hasMessageContaining("the server ended the connection with ENHANCE_YOUR_CALM");
    assertThat(target.isEnding()).isFalse();
  }

  @Test
  void anAnswerWithoutAStatusIsAnError() throws Exception {
    send(1);
    assertThatThrownBy(() -> head(0, "103", true))
        .isInstanceOf(Exception.class)
        .hasMessageMatching("(?s).*(without a final status|[Ii]nformational).*");
  }
}
