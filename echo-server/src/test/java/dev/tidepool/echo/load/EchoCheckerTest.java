package dev.tidepool.echo.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidepool.echo.load.SizeMix.SizeRange;
import dev.tidepool.echo.protocol.EchoProtocol;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EchoCheckerTest {
  private static final SizeMix SIZES = new SizeMix("1..100", List.of(new SizeRange(1, 100)));

  private static RequestPlan plan(EchoProtocol protocol) {
    return new RequestPlan(protocol, SIZES, 42, 3);
  }

  private static byte[] wire(Request... requests) {
    ByteBuf out = Unpooled.buffer();
    for (Request request : requests) {
      request.writeTo(out);
    }
    byte[] bytes = new byte[out.readableBytes()];
    out.readBytes(bytes).release();
    return bytes;
  }

  @ParameterizedTest
  @EnumSource(EchoProtocol.class)
  void acceptsTheEchoInWhateverPieces(EchoProtocol protocol) throws Exception {
    RequestPlan plan = plan(protocol);
    int requests = 200;
    byte[] stream =
        wire(LongStream.range(0, requests).mapToObj(plan::request).toArray(Request[]::new));
    Random random = new Random(11);
    EchoChecker checker = new EchoChecker(plan);
    int complete = 0;
    int position = 0;
    while (position < stream.length) {
      int piece = Math.min(stream.length - position, 1 + random.nextInt(60));
      ByteBuf in = Unpooled.wrappedBuffer(stream, position, piece);
      while (in.isReadable()) {
        complete += checker.check(in) ? 1 : 0;
      }
      position += piece;
    }
    assertThat(complete).isEqualTo(requests);
  }

  /** Flips every single bit of a request in turn: none goes unseen, and each is named. */
  @ParameterizedTest
  @EnumSource(EchoProtocol.class)
  void seesEveryFlippedBit(EchoProtocol protocol) {
    Request request = plan(protocol).request(0);
    byte[] right = wire(request);
    for (int bit = 0; bit < right.length * 8; bit++) {
      byte[] wrong = right.clone();
      wrong[bit / 8] ^= (byte) (1 << (bit % 8));
      String place = "byte " + (bit / 8) + " of " + right.length;
      assertThatThrownBy(() -> new EchoChecker(plan(protocol)).check(Unpooled.wrappedBuffer(wrong)))
          .isInstanceOf(EchoMismatchException.class)
          .hasMessageContaining("echo of request 0 differs: " + place)
          .satisfies(e -> assertThat(((EchoMismatchException) e).mismatchedBytes()).isEqualTo(1));
    }
  }

  @ParameterizedTest
  @EnumSource(EchoProtocol.class)
  void seesSwappedRequests(EchoProtocol protocol) {
    RequestPlan plan = plan(protocol);
    byte[] swapped = wire(plan.request(1), plan.request(0));
    assertThatThrownBy(() -> new EchoChecker(plan).check(Unpooled.wrappedBuffer(swapped)))
        .isInstanceOf(EchoMismatchException.class);
  }

  @Test
  void connectionsAndSeedsYieldOtherBytes() {
    byte[] here = wire(new RequestPlan(EchoProtocol.RAW, SIZES, 1, 0).request(0));
    byte[] otherConnection = wire(new RequestPlan(EchoProtocol.RAW, SIZES, 1, 1).request(0));
    byte[] otherSeed = wire(new RequestPlan(EchoProtocol.RAW, SIZES, 2, 0).request(0));
    byte[] again = wire(new RequestPlan(EchoProtocol.RAW, SIZES, 1, 0).request(0));
    assertThat(here).isNotEqualTo(otherConnection).isNotEqualTo(otherSeed).isEqualTo(again);
  }

  @Test
  void sizesStayInTheirRangesAndReachTheirEnds() {
    SizeMix mix = new SizeMix("mix", List.of(new SizeRange(0, 3), new SizeRange(1000, 1000)));
    RequestPlan plan = new RequestPlan(EchoProtocol.FRAMED, mix, 9, 0);
    var sizes =
        LongStream.range(0, 2000)
            .mapToInt(sequence -> plan.request(sequence).size())
            .boxed()
            .toList();
    assertThat(sizes).containsOnly(0, 1, 2, 3, 1000).contains(0, 1, 2, 3, 1000);
  }
}
