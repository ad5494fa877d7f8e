package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The end of a pause when the paused arena is closed and the channel gets another. */
class ClosedWhilePausedTest {
  private static final int SOFT = 64 * 1024;

  @RegisterExtension private final UpstreamGuard guard = UpstreamGuard.of(Checks.OFF);

  @Test
  void aChannelWhoseArenaClosedDuringAPauseReadsOnWithItsNextArena() throws Exception {
    EmbeddedChannel channel =
        new EmbeddedChannel(
            new ArenaLifecycleHandler(
                guard.another(
                    ArenaByteBufAllocator.builder().softBudget(SOFT).hardBudget(8 * SOFT))));
    ByteBuf greedy = channel.alloc().directBuffer(2 * SOFT);
    channel.runPendingTasks();
    assertThat(channel.config().isAutoRead()).isFalse();
    ArenaLifecycleHandler.arena(channel).close();
    channel.deregister();
    channel.runPendingTasks();
    channel.register();
    channel.runPendingTasks();
    assertThat(ArenaLifecycleHandler.arena(channel).isClosed()).isFalse();
    assertThat(channel.config().isAutoRead()).isTrue();
    greedy.release();
    channel.finishAndReleaseAll();
  }
}
