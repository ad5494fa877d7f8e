package dev.tidepool.allocator.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidepool.allocator.os.DaemonThread;
import org.junit.jupiter.api.Test;

/** Pools that could not be told of pressure are told the next time. */
class PressureTellingTest {
  private boolean fails = true;

  private final GlobalBudget budget =
      new GlobalBudget(
          CreditedAccount.of(800),
          new GlobalBudget.Pressure() {
            @Override
            public void began() {}

            @Override
            public void makeRoom() {
              if (fails) {
                throw new IllegalStateException("no thread");
              }
            }

            @Override
            public void goesOn() {}
          },
          DaemonThread.executor("waker"));

  private final Budget connection = new Budget(900, 900, null, budget, () -> {});

  @Test
  void poolsAreToldAfterAFailure() {
    assertThatThrownBy(() -> budget.charge(LoopCredit.NONE, 800))
        .isInstanceOf(IllegalStateException.class);
    assertThat(budget.account().charged()).isZero();
    fails = false;
    assertThat(budget.charge(LoopCredit.NONE, 800)).isTrue();
    assertThat(budget.isPressureKnown()).isTrue();
  }

  @Test
  void aChargeThatFailedCountsNowhere() {
    assertThatThrownBy(() -> connection.charge(LoopCredit.NONE, 800))
        .isInstanceOf(IllegalStateException.class);
    assertThat(connection.charged()).isZero();
    assertThat(budget.account().charged()).isZero();
  }
}
