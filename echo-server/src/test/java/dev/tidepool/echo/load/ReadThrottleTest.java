package dev.tidepool.echo.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In the time of the channel, which the test moves. */
class ReadThrottleTest {
  /** Counts the reads that come to the socket. */
  private static final class Reads extends ChannelOutboundHandlerAdapter {
    private int count;

    @Override
    public void read(ChannelHandlerContext ctx) {
      count++;
      ctx.read();
    }
  }

  private final Reads reads = new Reads();

  private EmbeddedChannel channel(ReadThrottle throttle) {
    EmbeddedChannel channel = new EmbeddedChannel(reads, throttle);
    channel.freezeTime();
    throttle.begin();
    reads.count = 0;
    return channel;
  }

  private static int bytesAtOnce(EmbeddedChannel channel) {
    return channel.config().getRecvByteBufAllocator().newHandle().guess();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 2_000, 65_536})
  void readsSoManyBytesInASecond(int bytesPerSecond) {
    EmbeddedChannel channel = channel(new ReadThrottle(bytesPerSecond));
    channel.advanceTimeBy(10, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
    long bytes = (long) reads.count * bytesAtOnce(channel);
    assertThat(bytes).isBetween(9L * bytesPerSecond, 10L * bytesPerSecond);
    assertThat(channel.config().isAutoRead()).isFalse();
  }

  @Test
  void whatTheHandlersAskForBesideIsNotRead() {
    EmbeddedChannel channel = channel(new ReadThrottle(2_000));
    channel.read();
    assertThat(reads.count).isZero();
  }

  @Test
  void inTheEndItReadsWhatThereIs() {
    ReadThrottle throttle = new ReadThrottle(2_000);
    EmbeddedChannel channel = channel(throttle);
    throttle.end();
    assertThat(channel.config().isAutoRead()).isTrue();
    assertThat(bytesAtOnce(channel)).isEqualTo(64 << 10);
    reads.count = 0;
    channel.read();
    assertThat(reads.count).isEqualTo(1);
    channel.advanceTimeBy(10, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
    assertThat(reads.count).isEqualTo(1);
  }
}
