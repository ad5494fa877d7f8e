package dev.tidepool.echo.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.echo.load.SizeMix.SizeRange;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RequestPlanTest {
  private static final SizeMix SIZES = new SizeMix("1..100", List.of(new SizeRange(1, 100)));

  private static byte[] firstPayload(long seed, int connection) {
    ByteBuf out = Unpooled.buffer();
    new RequestPlan(SIZES, seed, connection).request(0).payload().writeTo(out);
    byte[] bytes = ByteBufUtil.getBytes(out);
    out.release();
    return bytes;
  }

  @Test
  void payloadsDependOnSeedAndConnectionAlone() {
    byte[] here = firstPayload(1, 0);
    byte[] otherConnection = firstPayload(1, 1);
    byte[] otherSeed = firstPayload(2, 0);
    byte[] again = firstPayload(1, 0);
    assertThat(here).isNotEqualTo(otherConnection).isNotEqualTo(otherSeed).isEqualTo(again);
  }

  @Test
  void sizesStayInTheirRangesAndReachTheirEnds() {
    SizeMix mix = new SizeMix("mix", List.of(new SizeRange(0, 3), new SizeRange(1000, 1000)));
    RequestPlan plan = new RequestPlan(mix, 9, 0);
    var sizes =
        LongStream.range(0, 2000)
            .mapToInt(sequence -> plan.request(sequence).payload().length())
            .boxed()
            .toList();
    assertThat(sizes).containsOnly(0, 1, 2, 3, 1000).contains(0, 1, 2, 3, 1000);
  }
}
