package dev.tidepool.allocator.budget;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Interleavings of threads that charge one budget, made by its callbacks. */
class BudgetRaceTest {
  private Budget child;
  private boolean interleaved;

  @Test
  void pressureEndsThoughTheLastBytesGoWhileItBegins() {
    Budget parent = new Budget(100, 200, null, null, this::unchargeOnce);
    child = new Budget(100, 200, parent, null, () -> {});
    child.charge(LoopCredit.NONE, 150);
    assertThat(child.charged()).isZero();
    assertThat(child.isUnderPressure()).isFalse();
  }

  /** Runs within {@code charge}: after the bytes were added, before the child's pressure is set. */
  private void unchargeOnce() {
    if (!interleaved) {
      interleaved = true;
      child.uncharge(LoopCredit.NONE, 150);
    }
  }
}
