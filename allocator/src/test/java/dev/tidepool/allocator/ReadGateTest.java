package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The gate's arbitration of autoRead: after a pause it is as the application set it. */
class ReadGateTest {
  private static final int SOFT = 64 * 1024;

  @RegisterExtension
  private final UpstreamGuard guard =
      UpstreamGuard.of(ArenaByteBufAllocator.builder().softBudget(SOFT));

  private int reads;
  private boolean switchesByWritability;
  private ByteBuf much;

  /** Counts the reads that pass the arena's handler towards the transport. */
  private final class Reads extends ChannelOutboundHandlerAdapter {
    @Override
    public void read(ChannelHandlerContext ctx) {
      reads++;
      ctx.read();
    }
  }

  private final class BackPressure extends ChannelInboundHandlerAdapter {
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
      if (switchesByWritability) {
        ctx.channel().config().setAutoRead(ctx.channel().isWritable());
      }
      ctx.fireChannelWritabilityChanged();
    }
  }

  private final EmbeddedChannel channel =
      new EmbeddedChannel(
          new Reads(), new ArenaLifecycleHandler(guard.allocator()), new BackPressure());

  @AfterEach
  void close() {
    if (much.refCnt() > 0) {
      much.release();
    }
    channel.finishAndReleaseAll();
  }

  private void pause() {
    much = channel.alloc().buffer(SOFT + 1);
    channel.runPendingTasks();
    assertThat(ArenaLifecycleHandler.arena(channel).isUnderPressure()).isTrue();
    reads = 0;
  }

  private void resume() {
    much.release();
    ArenaLifecycleHandler.arena(channel).reset();
    channel.runPendingTasks();
    assertThat(ArenaLifecycleHandler.arena(channel).isUnderPressure()).isFalse();
  }

  private void autoRead(boolean on) {
    channel.config().setAutoRead(on);
  }

  private void assertAutoRead(boolean on) {
    assertThat(channel.config().isAutoRead()).isEqualTo(on);
  }

  private void writable(boolean writable) {
    channel.unsafe().outboundBuffer().setUserDefinedWritability(1, writable);
    channel.runPendingTasks();
  }

  @Test
  void autoReadIsOffDuringAPauseAndOnAfterwards() {
    pause();
    assertAutoRead(false);
    resume();
    assertAutoRead(true);
    assertThat(reads).isEqualTo(1);
    assertThat(ArenaLifecycleHandler.arena(channel).metric().pauses()).isEqualTo(1);
  }

  @Test
  void autoReadTurnedOffBeforeAPauseStaysOff() {
    autoRead(false);
    pause();
    resume();
    assertAutoRead(false);
    assertThat(reads).isZero();
  }

  @Test
  void aReadDuringAPauseWaitsAndIsIssuedOnce() {
    autoRead(false);
    pause();
    channel.read();
    channel.read();
    assertThat(reads).isZero();
    resume();
    assertThat(reads).isEqualTo(1);
    assertAutoRead(false);
    channel.read();
    assertThat(reads).isEqualTo(2);
  }

  @Test
  void aReadDuringAPauseWaitsWithAutoReadOnToo() {
    pause();
    channel.read();
    assertThat(reads).isZero();
    resume();
    assertThat(reads).isEqualTo(1);
    assertAutoRead(true);
  }

  @Test
  void autoReadTurnedOnDuringAPauseIsOnAndReadsAfterwards() {
    autoRead(false);
    pause();
    autoRead(true);
    assertAutoRead(true);
    assertThat(reads).isZero();
    resume();
    assertAutoRead(true);
    assertThat(reads).isEqualTo(1);
  }

  @Test
  void autoReadTurnedOnAndOffDuringAPauseStaysOff() {
    pause();
    autoRead(true);
    autoRead(false);
    resume();
    assertAutoRead(false);
    assertThat(reads).isZero();
  }

  @Test
  void autoReadTurnedOffByUnwritabilityStaysOffUntilWritable() {
    switchesByWritability = true;
    pause();
    writable(false);
    assertAutoRead(false);
    assertThat(reads).isZero();
    resume();
    assertAutoRead(false);
    assertThat(reads).isZero();
    writable(true);
    assertAutoRead(true);
    assertThat(reads).isEqualTo(1);
  }

  @Test
  void aChannelWritableAgainDuringAPauseReadsOnlyAfterwards() {
    switchesByWritability = true;
    pause();
    writable(false);
    writable(true);
    assertThat(reads).isZero();
    resume();
    assertAutoRead(true);
    assertThat(reads).isEqualTo(1);
  }

  @Test
  void withoutAWritabilityHandlerAutoReadIsOnAfterwards() {
    pause();
    writable(false);
    assertAutoRead(false);
    assertThat(reads).isZero();
    resume();
    assertAutoRead(true);
    assertThat(reads).isEqualTo(1);
  }
}
