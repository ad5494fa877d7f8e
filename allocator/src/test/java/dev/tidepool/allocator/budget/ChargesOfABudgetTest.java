package dev.tidepool.allocator.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.budget.Budget.Shortage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A charge counts in a budget, its parent and the global one, or in none of them. */
class ChargesOfABudgetTest {
  private static final int SOFT = 60;
  private static final int HARD = 100;
  private static final int GLOBAL = 160;
  private static final LoopCredit NONE = LoopCredit.NONE;

  private final HandCrankedExecutor waker = new HandCrankedExecutor();
  private final GlobalBudget global =
      new GlobalBudget(CreditedAccount.of(GLOBAL), new Unheard(), waker);
  private final AtomicInteger changes = new AtomicInteger();
  private final Budget parent = new Budget(SOFT, HARD, null, global, changes::incrementAndGet);
  private final Budget child = new Budget(SOFT, 80, parent, global, () -> {});

  /** There are no pools. */
  private static final class Unheard implements GlobalBudget.Pressure {
    @Override
    public void began() {}

    @Override
    public void makeRoom() {}

    @Override
    public void goesOn() {}
  }

  private void assertCharged(long ofChild, long ofParent, long ofAll) {
    assertThat(child.charged()).as("child").isEqualTo(ofChild);
    assertThat(parent.charged()).as("parent").isEqualTo(ofParent);
    assertThat(global.account().charged()).as("global").isEqualTo(ofAll);
  }

  @Test
  void aChargeCountsInAll() {
    assertThat(child.charge(NONE, 50)).isTrue();
    assertCharged(50, 50, 50);
    child.uncharge(NONE, 20);
    assertCharged(30, 30, 30);
  }

  @Test
  void whatTheChildHasNoRoomForCountsNowhere() {
    assertThat(child.charge(NONE, 81)).isFalse();
    assertCharged(0, 0, 0);
    assertThat(child.shortage(81)).isEqualTo(new Shortage("hardBudget", 80, 0));
  }

  @Test
  void whatTheParentHasNoRoomForCountsNowhere() {
    assertThat(parent.charge(NONE, 60)).isTrue();
    assertThat(child.charge(NONE, 41)).isFalse();
    assertCharged(0, 60, 60);
    assertThat(child.shortage(41)).isEqualTo(new Shortage("hardBudget", HARD, 60));
    assertThat(child.charge(NONE, 40)).isTrue();
  }

  @Test
  void whatAllTogetherHaveNoRoomForCountsNowhere() {
    assertThat(global.charge(NONE, 130)).isTrue();
    assertThat(child.charge(NONE, 31)).isFalse();
    assertCharged(0, 0, 130);
    assertThat(child.shortage(31)).isEqualTo(new Shortage("globalBudget", GLOBAL, 130));
    assertThat(child.charge(NONE, 30)).isTrue();
  }

  @Test
  void roomThatIsThereAgainIsToldOfTheOwnLimit() {
    assertThat(parent.shortage(10)).isEqualTo(new Shortage("hardBudget", HARD, 0));
  }

  @Test
  void withoutAGlobalBudgetTheOwnLimitIsAll() {
    Budget alone = new Budget(SOFT, HARD, null, null, () -> {});
    assertThat(alone.charge(NONE, HARD)).isTrue();
    assertThat(alone.charge(NONE, 1)).isFalse();
    assertThat(alone.shortage(1)).isEqualTo(new Shortage("hardBudget", HARD, HARD));
    alone.uncharge(NONE, HARD);
    assertThat(alone.charged()).isZero();
    assertThat(alone.wantsRoom()).isFalse();
  }

  // Pressure

  @Test
  void pressureBeginsAboveTheSoftBudgetAndEndsAtHalfOfIt() {
    parent.charge(NONE, SOFT);
    assertThat(parent.isUnderPressure()).isFalse();
    parent.charge(NONE, 1);
    assertThat(parent.isUnderPressure()).isTrue();
    assertThat(parent.wantsRoom()).isTrue();
    assertThat(changes).hasValue(1);
    assertThat(parent.pauses()).isEqualTo(1);

    parent.uncharge(NONE, SOFT / 2);
    assertThat(parent.isUnderPressure()).isTrue();
    assertThat(changes).hasValue(1);
    parent.uncharge(NONE, 1);
    assertThat(parent.isUnderPressure()).isFalse();
    assertThat(changes).hasValue(2);
    assertThat(parent.pauses()).as("an end is no pause").isEqualTo(1);
  }

  @Test
  void aSoftBudgetAboveTheHardOneEndsPressureByTheHardOne() {
    Budget budget = new Budget(Long.MAX_VALUE, HARD, null, null, () -> {});
    budget.charge(NONE, HARD);
    budget.awaitRoom();
    budget.uncharge(NONE, HARD / 2 - 1);
    assertThat(budget.isUnderPressure()).isTrue();
    budget.uncharge(NONE, 1);
    assertThat(budget.isUnderPressure()).isFalse();
  }

  @Test
  void aRefusedReadIsAPauseUntilThereIsRoom() {
    parent.charge(NONE, SOFT / 2 + 1);
    parent.awaitRoom();
    assertThat(parent.pauses()).isEqualTo(1);
    assertThat(parent.isUnderPressure()).isTrue();
    parent.awaitRoom();
    assertThat(parent.pauses()).as("it is paused already").isEqualTo(1);
    parent.uncharge(NONE, 1);
    waker.runScheduled();
    assertThat(parent.isUnderPressure()).isFalse();
  }

  @Test
  void aChildWantsRoomWhenItsParentOrAllDo() {
    assertThat(child.wantsRoom()).isFalse();
    parent.charge(NONE, SOFT + 1);
    assertThat(child.isUnderPressure()).isFalse();
    assertThat(child.wantsRoom()).isTrue();
    parent.uncharge(NONE, SOFT + 1);
    assertThat(child.wantsRoom()).isFalse();
    global.charge(NONE, GLOBAL);
    assertThat(child.wantsRoom()).isTrue();
    assertThat(parent.wantsRoom()).isTrue();
  }
}
