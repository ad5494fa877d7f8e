package dev.tidepool.echo.live.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A connection that does not get on is closed, whatever drips in. */
class DeadlineTest {
  private static final Duration FIRST = Duration.ofSeconds(10);

  private final Deadline deadline = new Deadline(FIRST);
  private final EmbeddedChannel channel = new EmbeddedChannel(deadline);

  private void pass(Duration time) {
    channel.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
    channel.runScheduledPendingTasks();
  }

  @Test
  void dropsGainNoTime() {
    channel.freezeTime();
    for (int second = 1; second < FIRST.toSeconds(); second++) {
      pass(Duration.ofSeconds(1));
      channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {'G'}));
      assertThat(channel.isOpen()).isTrue();
    }
    pass(Duration.ofSeconds(2));
    assertThat(channel.isOpen()).isFalse();
    channel.finishAndReleaseAll();
  }

  @Test
  void eachStepHasItsTime() {
    channel.freezeTime();
    for (int step = 0; step < 3; step++) {
      deadline.restart(channel.pipeline().context(deadline), Duration.ofSeconds(30));
      pass(Duration.ofSeconds(29));
      assertThat(channel.isOpen()).isTrue();
    }
    pass(Duration.ofSeconds(2));
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void aStreamHasNone() {
    channel.freezeTime();
    channel.pipeline().remove(deadline);
    pass(Duration.ofHours(1));
    assertThat(channel.isOpen()).isTrue();
    channel.close();
  }
}
