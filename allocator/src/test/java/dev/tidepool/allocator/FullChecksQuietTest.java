package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The absence of false alarms under {@code checks=full}. */
class FullChecksQuietTest {
  @RegisterExtension private final CapturedLog log = new CapturedLog();
  @RegisterExtension private final UpstreamGuard guard = UpstreamGuard.of(Checks.FULL);

  private final EventExecutor loop = new DefaultEventExecutor();
  private final ConnectionArena arena = guard.allocator().newConnectionArena(loop);

  @AfterEach
  void endLoop() {
    arena.close();
    TestThreads.end(loop);
  }

  private ByteBuf allocate(boolean direct, int capacity) {
    return direct ? arena.directBuffer(capacity) : arena.heapBuffer(capacity);
  }

  @Test
  void legalUseReportsNothing() {
    ByteBuf elsewhere = Patterns.fill(allocate(true, 100), 9);
    TestThreads.run(
        loop,
        () -> {
          for (int i = 1; i < 300; i++) {
            ByteBuf buffer = Patterns.fill(allocate(i % 2 == 0, i * 7), i);
            ByteBuf second = Patterns.fill(allocate(i % 2 == 0, i), i);
            Patterns.check(buffer.capacity(i * 11), i, i * 7);
            Patterns.fill(buffer, i + 1);
            Patterns.check(second, i);
            ByteBuf slice = buffer.retainedSlice(0, i);
            buffer.release();
            second.release();
            slice.release();
            if (i % 10 == 0) {
              arena.reset();
            }
          }
        });
    Patterns.check(elsewhere.capacity(9000), 9, 100);
    elsewhere.release();
    assertThat(log.text()).doesNotContain("WRITTEN");
  }
}
