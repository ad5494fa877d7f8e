package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidepool.allocator.budget.Budget;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What closes a channel while one of its reads, which was refused, begins to wait. */
class BudgetEnforcerTest {
  @RegisterExtension
  private final UpstreamGuard guard =
      UpstreamGuard.of(
          ArenaByteBufAllocator.builder()
              .hardBudget(64 * 1024)
              .budgetPolicy(BudgetPolicy.PAUSE)
              .trimInterval(Duration.ZERO));

  @RegisterExtension private final CapturedLog log = new CapturedLog();

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final BudgetEnforcer enforcer = enforcer();
  private final ArenaBudgetExceededException read = refusal("the read");
  private final ArenaBudgetExceededException other = refusal("another");

  private BudgetEnforcer enforcer() {
    channel.pipeline().addFirst(new ArenaLifecycleHandler(guard.allocator()));
    return BudgetEnforcer.begin(
        channel.pipeline().firstContext(),
        ArenaLifecycleHandler.arena(channel),
        new ReadGate(ctx -> {}, false));
  }

  private static ArenaBudgetExceededException refusal(String connection) {
    return ArenaBudgetExceededException.refused(
        connection, new Budget.Shortage("hardBudget", 1, 1), 1, LiveBuffers.unknown());
  }

  @AfterEach
  void end() {
    channel.close();
    channel.runPendingTasks();
  }

  private void waitForRoom() {
    enforcer.refusedRead(read, 64).release();
    channel.runPendingTasks();
  }

  private void assertClosedOnce() {
    assertThat(channel.isOpen()).isFalse();
    assertThat(log.lines("closed: ")).hasSize(1);
  }

  @Test
  void aReadThatWaitsClosesNothing() {
    enforcer.allocationFailed(read);
    waitForRoom();
    assertThat(channel.isOpen()).isTrue();
    channel.checkException();
  }

  @Test
  void aCloseThatIsAskedForBeforeTheReadWaitsIsNotLost() {
    enforcer.allocationFailed(read);
    enforcer.closeRequested(other);
    waitForRoom();
    assertClosedOnce();
    assertThatThrownBy(channel::checkException).isSameAs(other);
  }

  @Test
  void anotherThreadsFailureBeforeTheReadWaitsIsNotLost() {
    enforcer.allocationFailed(read);
    enforcer.allocationFailed(other);
    waitForRoom();
    assertClosedOnce();
  }

  @Test
  void aCloseThatIsAskedForWhileTheReadWaitsIsNotLost() {
    enforcer.allocationFailed(read);
    waitForRoom();
    enforcer.closeRequested(other);
    channel.runPendingTasks();
    assertClosedOnce();
    assertThatThrownBy(channel::checkException).isSameAs(other);
  }
}
