package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Thousands of leaks, of which the log has some, and the number of those left out. */
class LeakStormTest {
  private static final int LEAKS = 5000;

  @RegisterExtension private final CapturedLog log = new CapturedLog();
  @RegisterExtension private final UpstreamGuard guard = UpstreamGuard.of(Checks.OFF);

  private final AtomicInteger heard = new AtomicInteger();
  private final ArenaByteBufAllocator allocator =
      guard.another(
          ArenaByteBufAllocator.builder()
              .trimInterval(Duration.ZERO)
              .leakGrace(Duration.ofMillis(1))
              .leakListener(report -> heard.getAndIncrement()));
  private final EventExecutor loop = new DefaultEventExecutor();
  private final List<ByteBuf> leaked = new ArrayList<>();

  @AfterEach
  void endLoop() {
    leaked.forEach(ByteBuf::release);
    TestThreads.end(loop);
  }

  private void leak(String connection, int buffers) {
    ConnectionArena arena = allocator.newConnectionArena(loop, connection);
    TestThreads.run(
        loop,
        () -> {
          for (int i = 0; i < buffers; i++) {
            leaked.add(arena.buffer(16));
          }
          arena.close();
        });
  }

  private void assertBounded() {
    TestThreads.await("the leaks", () -> allocator.metric().leaks() == LEAKS);
    TestThreads.run(loop, () -> {});
    assertThat(heard).hasValue(LEAKS);
    List<String> lines = log.lines("LEAK:");
    assertThat(lines).hasSize(100);
    assertThat(lines.get(99)).endsWith(" (what follows within 60 s is left out)");
  }

  @Test
  void leaksOfOneConnectionDoNotFloodTheLog() {
    leak("connection 1", LEAKS);
    assertBounded();
  }

  @Test
  void leaksOfManyConnectionsDoNotFloodTheLog() {
    for (int i = 0; i < LEAKS; i++) {
      leak("connection " + i, 1);
    }
    assertBounded();
  }
}
