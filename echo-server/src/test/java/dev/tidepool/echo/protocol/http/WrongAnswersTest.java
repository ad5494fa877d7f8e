package dev.tidepool.echo.protocol.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidepool.echo.protocol.Payload;
import dev.tidepool.echo.protocol.ProtocolClient;
import dev.tidepool.echo.protocol.Request;
import dev.tidepool.echo.protocol.WrongAnswerException;
import dev.tidepool.echo.testing.CountedAnswers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The load's clients of HTTP and WebSocket find whatever is wrong about an answer. */
class WrongAnswersTest {
  private static final int LENGTH = 40;

  private CountedAnswers counter = new CountedAnswers();

  private static Request request(long sequence) {
    return new Request(sequence, new Payload(sequence, LENGTH));
  }

  private static String payload(long sequence) {
    ByteBuf bytes = Unpooled.buffer(LENGTH);
    request(sequence).payload().writeTo(bytes);
    String text = bytes.toString(ISO_8859_1);
    bytes.release();
    return text;
  }

  private static void encode(ProtocolClient client, long sequence) {
    client
        .encode(request(sequence), UnpooledByteBufAllocator.DEFAULT)
        .forEach(ReferenceCountUtil::release);
  }

  // HTTP

  private static String fixed(String body) {
    return "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream; request=0\r\n"
        + "Content-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  private static String chunked(String body) {
    return "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream; request=1\r\n"
        + "Transfer-Encoding: chunked\r\n\r\n3\r\n"
        + body.substring(0, 3)
        + "\r\n"
        + Integer.toHexString(body.length() - 3)
        + "\r\n"
        + body.substring(3)
        + "\r\n0\r\n\r\n";
  }

  /** Two requests are sent, and this is what comes back. */
  private void receiveHttp(String answers) throws WrongAnswerException {
    counter = new CountedAnswers();
    HttpEchoClient client = new HttpEchoClient(WrongAnswersTest::request);
    encode(client, 0);
    encode(client, 1);
    EmbeddedChannel channel = new EmbeddedChannel(new HttpClientCodec());
    channel.writeInbound(Unpooled.copiedBuffer(answers, ISO_8859_1));
    try {
      for (Object part = channel.readInbound(); part != null; part = channel.readInbound()) {
        try {
          client.receive(part, counter);
        } finally {
          ReferenceCountUtil.release(part);
        }
      }
    } finally {
      channel.finishAndReleaseAll();
    }
  }

  private void assertWrongHttp(String answers, String what) {
    assertThatThrownBy(() -> receiveHttp(answers))
        .as(answers)
        .isInstanceOf(WrongAnswerException.class)
        .hasMessageContaining(what);
  }

  @Test
  void rightHttpAnswersAreAccepted() throws Exception {
    receiveHttp(fixed(payload(0)) + chunked(payload(1)));
    assertThat(counter.complete()).isEqualTo(2);
    assertThat(counter.verified()).isEqualTo(2 * LENGTH);
  }

  @Test
  void wrongHttpAnswersAreFound() {
    String right = fixed(payload(0));
    assertWrongHttp(right.replace("200 OK", "404 Not Found"), "status 404 Not Found, expected 200");
    assertWrongHttp(right.replace("request=0", "request=1"), "Content-Type");
    assertWrongHttp(fixed(payload(0) + "x"), "Content-Length 41, expected 40");
    assertWrongHttp(fixed(payload(0).substring(1)), "Content-Length 39, expected 40");
    assertWrongHttp(fixed(payload(1)), "echo of request 0 differs: byte 0 of 40");
    assertWrongHttp(
        right + fixed(payload(1)).replace("t=0", "t=1"), "chunked false, expected true");
    assertWrongHttp(right + chunked(payload(1) + "x"), "1 bytes more than expected");
    assertWrongHttp(right + chunked(payload(1).substring(0, 9)), "fewer bytes than expected");
    assertWrongHttp(right + chunked(payload(1)) + right, "an answer came back, expected none");
    assertWrongHttp(right.replace("HTTP/1.1 ", "nonsense "), "a part that is no HTTP");
  }

  @Test
  void everyFlippedBitOfAnHttpBodyIsFound() {
    for (int bit = 0; bit < LENGTH * 8; bit++) {
      StringBuilder body = new StringBuilder(payload(0));
      int at = bit / 8;
      body.setCharAt(at, (char) (body.charAt(at) ^ (1 << (bit % 8))));
      assertWrongHttp(fixed(body.toString()), "differs: byte " + at + " of 40");
    }
  }

  // WebSocket

  private void receiveFrames(WebSocketFrame... frames) throws WrongAnswerException {
    counter = new CountedAnswers();
    WebSocketEchoClient client = new WebSocketEchoClient(WrongAnswersTest::request);
    encode(client, 0);
    try {
      for (WebSocketFrame frame : frames) {
        client.receive(frame, counter);
      }
    } finally {
      List.of(frames).forEach(ReferenceCountUtil::release);
    }
  }

  private void assertWrongFrames(String what, WebSocketFrame... frames) {
    assertThatThrownBy(() -> receiveFrames(frames))
        .isInstanceOf(WrongAnswerException.class)
        .hasMessageContaining(what);
  }

  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, ISO_8859_1);
  }

  @Test
  void wrongMessagesAreFound() throws Exception {
    String right = payload(0);
    receiveFrames(
        new BinaryWebSocketFrame(false, 0, bytes(right.substring(0, 7))),
        new ContinuationWebSocketFrame(true, 0, bytes(right.substring(7))));
    assertThat(counter.complete()).isEqualTo(1);
    assertWrongFrames("a TextWebSocketFrame, expected Binary", new TextWebSocketFrame("x"));
    assertWrongFrames("differs: byte 0", new BinaryWebSocketFrame(bytes(payload(1))));
    assertWrongFrames("1 bytes more", new BinaryWebSocketFrame(bytes(right + "x")));
    assertWrongFrames("fewer bytes", new BinaryWebSocketFrame(bytes(right.substring(1, 1))));
    assertWrongFrames(
        "a BinaryWebSocketFrame, expected Continuation",
        new BinaryWebSocketFrame(false, 0, bytes(right)),
        new BinaryWebSocketFrame(true, 0, bytes("")));
  }

  @Test
  void anUnexpectedMessageIsFound() {
    assertWrongFrames(
        "an answer came back, expected none",
        new BinaryWebSocketFrame(bytes(payload(0))),
        new BinaryWebSocketFrame(bytes(payload(1))));
  }

  /** Payloads of all lengths arrive whole, whatever their fragments. */
  @Test
  void fragmentsMakeUpTheMessage() {
    for (long sequence = 0; sequence < 12; sequence++) {
      WebSocketEchoClient client = new WebSocketEchoClient(WrongAnswersTest::request);
      List<?> frames = client.encode(request(sequence), UnpooledByteBufAllocator.DEFAULT);
      int length = 0;
      for (Object message : frames) {
        WebSocketFrame frame = (WebSocketFrame) message;
        length += frame.content().readableBytes();
        assertThat(frame.isFinalFragment()).isEqualTo(message == frames.get(frames.size() - 1));
        frame.release();
      }
      assertThat(length).isEqualTo(LENGTH);
      assertThat(frames.size()).isEqualTo(1 + sequence / 2 % 3);
    }
  }
}
