package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.budget.CreditedAccount;
import dev.tidepool.allocator.threads.ClockThread;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The limits on logging and trimming when pressure begins many times a second. */
class PressureReliefTest {
  @RegisterExtension private final CapturedLog log = new CapturedLog();

  @RegisterExtension
  private final UpstreamGuard guard =
      UpstreamGuard.of(ArenaByteBufAllocator.builder().trimInterval(Duration.ZERO));

  private final ArenaByteBufAllocator shared = guard.allocator();
  private final AtomicLong nanoTime = new AtomicLong();
  private final PressureRelief relief =
      new PressureRelief(shared, List.of(), CreditedAccount.of(1000), false, nanoTime::get);

  @BeforeEach
  void clearLog() throws Exception {
    log.clearWithClock();
  }

  private static void awaitClockThread() throws Exception {
    ClockThread.EXECUTOR.submit(() -> {}).get();
  }

  private List<String> warnings() {
    return log.lines("globalBudget: ");
  }

  /** Leaves an idle block in a lane. */
  private void leaveIdleMemory() {
    ByteBuf large = shared.heapBuffer(100_000);
    shared.heapBuffer(1_000_000).release();
    large.release();
    assertThat(shared.metric().pooledMemory() + shared.metric().leasedMemory()).isPositive();
  }

  @Test
  void theHeaviestAreLoggedWhenPressureBeginsAndLaterAtIntervalsWithACount() throws Exception {
    for (int i = 0; i < 20; i++) {
      relief.began();
    }
    awaitClockThread();
    assertThat(warnings()).hasSize(1);
    nanoTime.addAndGet(Duration.ofSeconds(30).toNanos());
    for (int i = 0; i < 20; i++) {
      relief.began();
    }
    awaitClockThread();
    assertThat(warnings()).hasSize(2);
    assertThat(warnings().get(1)).contains("19 more before this were left out");
  }

  @Test
  void poolsAreTrimmedAsRarely() throws Exception {
    leaveIdleMemory();
    relief.began();
    awaitClockThread();
    assertThat(shared.metric().usedHeapMemory()).isZero();
    leaveIdleMemory();
    relief.began();
    awaitClockThread();
    assertThat(shared.metric().usedHeapMemory()).isPositive();
    nanoTime.addAndGet(Duration.ofSeconds(30).toNanos());
    relief.began();
    awaitClockThread();
    assertThat(shared.metric().usedHeapMemory()).isZero();
  }
}
