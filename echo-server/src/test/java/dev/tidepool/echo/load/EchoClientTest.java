package dev.tidepool.echo.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidepool.echo.load.SizeMix.SizeRange;
import dev.tidepool.echo.protocol.FramedProtocol;
import dev.tidepool.echo.protocol.Protocol;
import dev.tidepool.echo.protocol.ProtocolClient;
import dev.tidepool.echo.protocol.RawProtocol;
import dev.tidepool.echo.protocol.Request;
import dev.tidepool.echo.protocol.WrongAnswerException;
import dev.tidepool.echo.testing.CountedAnswers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The clients of protocols that echo, on answers that are right and wrong, whole and in pieces. */
class EchoClientTest {
  private static final SizeMix SIZES = new SizeMix("1..100", List.of(new SizeRange(1, 100)));
  private static final RequestPlan PLAN = new RequestPlan(SIZES, 42, 3);

  static List<Protocol> echoes() {
    return List.of(new FramedProtocol(), new RawProtocol());
  }

  private final CountedAnswers counter = new CountedAnswers();

  private static ProtocolClient client(Protocol protocol) {
    return protocol.newClient(PLAN::request);
  }

  /** What these requests are on the wire, and so what their echoes are. */
  private static byte[] encode(ProtocolClient client, Request... requests) {
    ByteBuf out = Unpooled.buffer();
    for (Request request : requests) {
      for (Object message : client.encode(request, UnpooledByteBufAllocator.DEFAULT)) {
        ByteBuf part = (ByteBuf) message;
        out.writeBytes(part);
        part.release();
      }
    }
    byte[] bytes = new byte[out.readableBytes()];
    out.readBytes(bytes).release();
    return bytes;
  }

  @ParameterizedTest
  @MethodSource("echoes")
  void acceptsTheEchoInWhateverPieces(Protocol protocol) throws Exception {
    int requests = 200;
    ProtocolClient client = client(protocol);
    byte[] stream =
        encode(
            client, LongStream.range(0, requests).mapToObj(PLAN::request).toArray(Request[]::new));
    Random random = new Random(11);
    int position = 0;
    while (position < stream.length) {
      int piece = Math.min(stream.length - position, 1 + random.nextInt(60));
      client.receive(Unpooled.wrappedBuffer(stream, position, piece), counter);
      position += piece;
    }
    assertThat(counter.complete()).isEqualTo(requests);
    assertThat(counter.verified()).isEqualTo(stream.length);
  }

  /** Flips every single bit of an answer in turn: each is found, and its byte is named. */
  @ParameterizedTest
  @MethodSource("echoes")
  void findsEveryFlippedBit(Protocol protocol) {
    byte[] right = encode(client(protocol), PLAN.request(0));
    for (int bit = 0; bit < right.length * 8; bit++) {
      byte[] wrong = right.clone();
      wrong[bit / 8] ^= (byte) (1 << (bit % 8));
      String place = "byte " + (bit / 8) + " of " + right.length;
      ProtocolClient client = client(protocol);
      encode(client, PLAN.request(0));
      assertThatThrownBy(() -> client.receive(Unpooled.wrappedBuffer(wrong), counter))
          .isInstanceOf(WrongAnswerException.class)
          .hasMessageContaining("echo of request 0 differs: " + place)
          .satisfies(e -> assertThat(((WrongAnswerException) e).wrongBytes()).isEqualTo(1));
    }
  }

  @ParameterizedTest
  @MethodSource("echoes")
  void findsSwappedAnswers(Protocol protocol) {
    ProtocolClient client = client(protocol);
    byte[] swapped = encode(client, PLAN.request(1), PLAN.request(0));
    assertThatThrownBy(() -> client.receive(Unpooled.wrappedBuffer(swapped), counter))
        .isInstanceOf(WrongAnswerException.class);
  }

  @ParameterizedTest
  @MethodSource("echoes")
  void findsBytesThatNoRequestIsWaitingFor(Protocol protocol) {
    ProtocolClient client = client(protocol);
    byte[] tooMuch = encode(client, PLAN.request(0));
    ByteBuf answer = Unpooled.wrappedBuffer(tooMuch, new byte[] {1, 2, 3});
    assertThatThrownBy(() -> client.receive(answer, counter))
        .isInstanceOf(WrongAnswerException.class)
        .hasMessage("3 bytes came back that were not sent")
        .satisfies(e -> assertThat(((WrongAnswerException) e).wrongBytes()).isEqualTo(3));
    assertThat(counter.complete()).isEqualTo(1);
  }
}
