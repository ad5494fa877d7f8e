package dev.tidepool.echo.protocol.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidepool.echo.protocol.BadStatusException;
import dev.tidepool.echo.protocol.ByteSequence;
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
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.CodecException;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/1.1 with servers of all kinds: what is sent, and what becomes of each answer. */
class HttpTargetClientTest {
  private static final int LENGTH = 12;
  private static final String FIXED = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
  private static final String CHUNKED =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\nTrailer: 1\r\n\r\n";
  private static final String NO_CONTENT = "HTTP/1.1 204 No Content\r\n\r\n";

  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
  private final CountedAnswers counter = new CountedAnswers();
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private HttpTargetClient client;

  @BeforeEach
  void connect() {
    connect("GET", Verification.STATUS);
  }

  private void connect(String method, Verification verification) {
    connect(method, verification, Map.of());
  }

  private void connect(String method, Verification verification, Map<String, String> headers) {
    Function<Request, ByteSequence> body = Request::payload;
    HttpTarget target =
        new HttpTarget(
            TargetUrl.parse("http://host:81/path?query"),
            method,
            List.copyOf(headers.entrySet()),
            method.equals("POST") ? body : null);
    channel.config().setAllocator(allocator);
    while (channel.pipeline().first() != null) {
      channel.pipeline().removeFirst();
    }
    client = new HttpTargetClient(target, new AnswerCheck(verification, body), this::request);
    client.addCodec(channel.pipeline());
  }

  private Request request(long sequence) {
    return new Request(sequence, new Payload(sequence, LENGTH));
  }

  private static String payload(long sequence) {
    ByteBuf bytes = Unpooled.buffer(LENGTH);
    new Payload(sequence, LENGTH).writeTo(bytes);
    String text = bytes.toString(ISO_8859_1);
    bytes.release();
    return text;
  }

  /** The next requests, as the server gets them. */
  private String send(int first, int count) {
    for (int sequence = first; sequence < first + count; sequence++) {
      assertThat(client.isEnding()).isFalse();
      client.encode(request(sequence), allocator).forEach(channel::writeOutbound);
    }
    StringBuilder sent = new StringBuilder();
    for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
      sent.append(part.toString(ISO_8859_1));
      part.release();
    }
    return sent.toString();
  }

  private void receive(String answers) throws WrongAnswerException {
    channel.writeInbound(Unpooled.copiedBuffer(answers, ISO_8859_1));
    receiveParts();
  }

  private void receiveParts() throws WrongAnswerException {
    for (Object part = channel.readInbound(); part != null; part = channel.readInbound()) {
      try {
        client.receive(part, counter);
      } finally {
        ReferenceCountUtil.release(part);
      }
    }
  }

  private void assertRefused(String answers, Class<? extends Exception> kind, String why) {
    assertThatThrownBy(() -> receive(answers)).isInstanceOf(kind).hasMessageContaining(why);
  }

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
    assertThat(allocator.metric().usedDirectMemory()).isZero();
    assertThat(allocator.metric().usedHeapMemory()).isZero();
  }

  // Requests

  @Test
  void aGetHasNoBody() {
    assertThat(send(0, 2)).isEqualTo("GET /path?query HTTP/1.1\r\nhost: host:81\r\n\r\n".repeat(2));
  }

  @Test
  void aPostHasTheRequestsPayload() {
    connect("POST", Verification.FULL, Map.of("X-Own", "a: b"));
    assertThat(send(7, 1))
        .startsWith("POST /path?query HTTP/1.1\r\n")
        .contains("\r\nX-Own: a: b\r\n")
        .contains("\r\ncontent-length: 12\r\n")
        .endsWith("\r\n\r\n" + payload(7));
  }

  @Test
  void aBodyMayBeChunked() {
    connect("POST", Verification.FULL, Map.of("Transfer-Encoding", "chunked"));
    assertThat(send(0, 1))
        .doesNotContain("ength:")
        .endsWith("\r\n\r\nc\r\n" + payload(0) + "\r\n0\r\n\r\n");
  }

  @Test
  void theHostMayBeAnother() {
    connect("GET", Verification.OFF, Map.of("Host", "other"));
    assertThat(send(0, 1)).contains("Host: other\r\n").doesNotContain("host:81");
  }

  // Right answers

  @Test
  void answersOfEveryFraming() throws Exception {
    send(0, 4);
    receive(
        FIXED + CHUNKED + NO_CONTENT + "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n");
    assertThat(counter.complete()).isEqualTo(4);
    assertThat(counter.unverified()).isEqualTo(10);
    assertThat(counter.verified()).isZero();
    assertThat(client.isEnding()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void answersInWhateverPieces(int size) throws Exception {
    send(0, 2);
    String answers = FIXED + CHUNKED;
    for (int from = 0; from < answers.length(); from += size) {
      receive(answers.substring(from, Math.min(answers.length(), from + size)));
    }
    assertThat(counter.complete()).isEqualTo(2);
    assertThat(counter.unverified()).isEqualTo(10);
  }

  @Test
  void theAnswerToHeadIsAHeadAlone() throws Exception {
    connect("HEAD", Verification.STATUS);
    send(0, 2);
    receive("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHTTP/1.1 200 OK\r\n\r\n");
    assertThat(counter.complete()).isEqualTo(2);
    assertThat(client.isEnding()).isFalse();
  }

  @Test
  void interimResponsesAreNoAnswers() throws Exception {
    send(0, 1);
    receive("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n");
    assertThat(counter.complete()).isZero();
    receive(FIXED);
    assertThat(counter.complete()).isEqualTo(1);
  }

  @Test
  void anEchoIsVerifiedWhole() throws Exception {
    connect("POST", Verification.FULL);
    send(0, 2);
    receive("HTTP/1.1 201 Created\r\nContent-Length: 12\r\n\r\n" + payload(0));
    receive("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nc\r\n" + payload(1));
    receive("\r\n0\r\n\r\n");
    assertThat(counter.complete()).isEqualTo(2);
    assertThat(counter.verified()).isEqualTo(2 * LENGTH);
    assertThat(counter.unverified()).isZero();
  }

  // The end of the connection

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: x, Close\r\n\r\nhello",
        "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello",
      })
  void anAnswerMayBeTheLastOfItsConnection(String last) throws Exception {
    send(0, 3);
    receive(FIXED);
    assertThat(client.isEnding()).isFalse();
    receive(last.substring(0, last.length() - 1));
    assertThat(client.isEnding()).isTrue();
    assertThat(counter.leftAside()).as("before the last answer is over").isEmpty();
    receive(last.substring(last.length() - 1));
    assertThat(counter.complete()).isEqualTo(2);
    assertThat(counter.leftAside()).containsExactly(2L);
  }

  @Test
  void oldServersMayKeepTheConnection() throws Exception {
    send(0, 1);
    receive("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nhello");
    assertThat(client.isEnding()).isFalse();
  }

  @Test
  void anAnswerWithoutALengthIsOverWhenTheConnectionIs() throws Exception {
    send(0, 2);
    receive("HTTP/1.1 200 OK\r\n\r\nhello");
    assertThat(client.isEnding()).isTrue();
    assertThat(counter.complete()).isZero();
    channel.close();
    receiveParts();
    assertThat(counter.complete()).isEqualTo(1);
    assertThat(counter.unverified()).isEqualTo(5);
    assertThat(counter.leftAside()).containsExactly(1L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
      })
  void anAnswerThatIsCutOffIsNone(String cutOff) throws Exception {
    send(0, 1);
    receive(cutOff);
    channel.close();
    receiveParts();
    assertThat(counter.complete()).isZero();
    assertThat(counter.leftAside()).isEmpty();
  }

  @Test
  void aRequestMayAskForTheEnd() throws Exception {
    connect("GET", Verification.STATUS, Map.of("Connection", "close"));
    assertThat(send(0, 1)).contains("Connection: close");
    assertThat(client.isEnding()).isTrue();
    receive(FIXED);
    assertThat(counter.complete()).isEqualTo(1);
  }

  @Test
  void aServerMayEndAConnectionWithoutRequests() throws Exception {
    receive("HTTP/1.1 408 Request Timeout\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello");
    assertThat(client.isEnding()).isTrue();
    assertThat(counter.complete()).isZero();
    assertThat(counter.unverified()).isZero();
  }

  // Wrong answers

  @ParameterizedTest
  @EnumSource
  void theStatusIsVerifiedUnlessItIsOff(Verification verification) throws Exception {
    connect(verification == Verification.FULL ? "POST" : "GET", verification);
    send(0, 2);
    receive("HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\n\r\nno!");
    receive("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 3\r\n\r\nno!");
    boolean isOff = verification == Verification.OFF;
    assertThat(counter.complete()).isEqualTo(isOff ? 2 : 0);
    assertThat(counter.refused())
        .extracting(BadStatusException::status)
        .containsExactlyElementsOf(isOff ? List.of() : List.of(404, 503));
    assertThat(counter.unverified()).isEqualTo(6);
  }

  @Test
  void aRedirectIsAnAnswer() throws Exception {
    send(0, 1);
    receive("HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n");
    assertThat(counter.complete()).isEqualTo(1);
  }

  @Test
  void aRedirectIsNoEcho() throws Exception {
    connect("POST", Verification.FULL);
    send(0, 1);
    receive("HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n");
    assertThat(counter.refused())
        .extracting(BadStatusException::getMessage)
        .containsExactly("answer to request 0 has status 302, expected 2xx");
  }

  @ParameterizedTest
  @ValueSource(strings = {"hell", "hello!", ""})
  void anAnswerOfAnotherLengthThanTheFirstIsWrong(String body) throws Exception {
    connect("GET", Verification.LENGTH);
    send(0, 3);
    receive(FIXED + CHUNKED);
    assertRefused(
        FIXED.replace("5", "" + body.length()).replace("hello", body),
        WrongAnswerException.class,
        "answer to request 2 has " + body.length() + " bytes, expected 5 as the first answer has");
    assertThat(counter.complete()).isEqualTo(2);
  }

  @Test
  void anotherByteThanTheRequestsIsWrong() {
    connect("POST", Verification.FULL);
    send(0, 1);
    assertRefused(
        "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n" + payload(1),
        WrongAnswerException.class,
        "echo of request 0 differs: byte 0 of 12");
  }

  @Test
  void fewerBytesThanTheRequestsAreWrong() {
    connect("POST", Verification.FULL);
    send(0, 1);
    assertRefused(
        "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n" + payload(0).substring(0, 11),
        WrongAnswerException.class,
        "fewer bytes than expected");
  }

  @Test
  void anAnswerToNoRequestIsWrong() throws Exception {
    send(0, 1);
    receive(FIXED);
    assertRefused(FIXED, WrongAnswerException.class, "status 200 OK came back, expected none");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
        "HTTP/1.1 200 OK\r\nX: \u0001\r\n\r\n",
      })
  void whatIsNoHttpIsRefused(String answer) {
    send(0, 1);
    assertRefused(answer, CodecException.class, "answer to request 0 is no HTTP: ");
    assertThat(counter.complete()).isZero();
  }

  @Test
  void endlessHeadersAreRefused() {
    send(0, 1);
    String endless = "HTTP/1.1 200 OK\r\n" + "X: 0123456789\r\n".repeat(10_000);
    assertRefused(endless, CodecException.class, "answer to request 0 is no HTTP: ");
  }

  @Test
  void anotherProtocolIsRefused() {
    send(0, 1);
    assertRefused(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
        CodecException.class,
        "answer to request 0 switches protocols");
  }
}
