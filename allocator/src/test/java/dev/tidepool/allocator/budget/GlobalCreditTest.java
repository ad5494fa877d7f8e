package dev.tidepool.allocator.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.TestThreads;
import dev.tidepool.allocator.os.DaemonThread;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Loops that charge by credit are refused, and under pressure, as loops without credit are. */
class GlobalCreditTest {
  private static final int LIMIT = 1000;
  private static final int HIGH_WATER = 875;
  private static final int LOW_WATER = 750;
  private static final int MOST = 100;

  /** Counts the calls. */
  private static final class Heard implements GlobalBudget.Pressure {
    int began;
    int goesOn;

    @Override
    public void began() {
      began++;
    }

    @Override
    public void makeRoom() {
      // There are no pools.
    }

    @Override
    public void goesOn() {
      goesOn++;
    }
  }

  private final CreditedAccount account = new CreditedAccount(LIMIT, MOST);
  private final Heard heard = new Heard();
  private final ScheduledExecutorService waker = DaemonThread.executor("waker");
  private final GlobalBudget budget = new GlobalBudget(account, heard, waker);
  private final LoopCredit one = budget.newCredit();
  private final LoopCredit other = budget.newCredit();

  @AfterEach
  void check() {
    BudgetChecker.check(budget);
  }

  private void charge(LoopCredit credit, int bytes) {
    assertThat(budget.charge(credit, bytes)).as("charge of %s", bytes).isTrue();
  }

  /** Leaves what a request leaves that leased so many bytes at once. */
  private void serve(LoopCredit credit, int bytes) {
    charge(credit, 1);
    budget.uncharge(credit, 1); // opens it
    charge(credit, bytes);
    budget.uncharge(credit, bytes);
  }

  private static void assertClosed(LoopCredit credit) {
    assertThat(credit.awaitsOpening()).as("closed").isTrue();
  }

  // Far from the limit

  @Test
  void aRequestReusesTheBytesOfTheLastWithoutTheAccount() {
    serve(one, MOST);
    long reserved = account.reserved();
    for (int i = 0; i < 3; i++) {
      charge(one, 60);
      charge(one, 40);
      assertThat(account.reserved()).isEqualTo(reserved);
      assertThat(account.charged()).isEqualTo(MOST);
      budget.uncharge(one, 40);
      budget.uncharge(one, 60);
      assertThat(account.reserved()).isEqualTo(reserved);
      assertThat(account.charged()).isZero();
    }
  }

  @Test
  void aLoopKeepsNoMoreThanItMay() {
    serve(one, MOST);
    charge(one, MOST);
    charge(one, 50);
    budget.uncharge(one, MOST);
    budget.uncharge(one, 50);
    assertThat(one.unused()).isEqualTo(MOST);
    assertThat(account.reserved()).isEqualTo(MOST);
  }

  @Test
  void aLoopWithoutCreditChargesTheAccount() {
    charge(LoopCredit.NONE, 10);
    budget.uncharge(LoopCredit.NONE, 10);
    charge(LoopCredit.NONE, 10);
    assertThat(account.reserved()).isEqualTo(10);
    budget.uncharge(LoopCredit.NONE, 10);
    assertThat(account.reserved()).isZero();
    assertThat(account.hasCredit()).isFalse();
  }

  @Test
  void belowALimitThereIsNoCredit() {
    long least = 64L << 20;
    assertThat(CreditedAccount.of(least - 1).newCredit()).isSameAs(LoopCredit.NONE);
    assertThat(CreditedAccount.of(least).newCredit().most()).isEqualTo(256 << 10);
    assertThat(CreditedAccount.of(1L << 30).newCredit().most()).isEqualTo(1 << 20);
    assertThat(CreditedAccount.of(Long.MAX_VALUE - 1).newCredit().most()).isEqualTo(1 << 20);
  }

  @Test
  void anIdleLoopGivesItsCreditBackAndMayHaveMoreAgain() {
    serve(one, 80);
    one.giveBack();
    assertThat(account.reserved()).isZero();
    charge(one, 70);
    budget.uncharge(one, 70);
    assertThat(one.unused()).isEqualTo(70);
  }

  @Test
  void anEndedLoopGivesItsCreditBackAndIsForgotten() {
    serve(one, 80);
    serve(other, 60);
    one.end();
    assertThat(account.reserved()).isEqualTo(60);
    account.forEachCredit(credit -> assertThat(credit).isSameAs(other));
    charge(one, 80); // a late charge by the ended loop
    budget.uncharge(one, 80);
    charge(one, 80);
    budget.uncharge(one, 80);
    assertThat(account.reserved()).isEqualTo(60);
  }

  // At the limit

  @Test
  void unusedCreditOfOthersIsRoomToTheLastByte() {
    serve(one, 80);
    serve(other, 60);
    charge(LoopCredit.NONE, LIMIT);
    assertThat(account.charged()).isEqualTo(LIMIT);
    assertThat(budget.charge(one, 1)).isFalse();
    assertThat(budget.charge(other, 1)).isFalse();
    assertThat(account.charged()).isEqualTo(LIMIT);
  }

  @Test
  void chargesByCreditCountForOtherLoops() {
    serve(one, 80);
    charge(one, 30);
    assertThat(budget.charge(other, LIMIT - 29)).isFalse();
    charge(other, LIMIT - 30);
  }

  @Test
  void aRefusalSaysWhatIsReallyHeld() {
    serve(one, 80);
    charge(one, 30);
    assertThat(account.hasRoom(LIMIT - 30)).isTrue();
    assertThat(account.hasRoom(LIMIT - 29)).isFalse();
    assertThat(Budget.Shortage.of("globalBudget", account).held()).isEqualTo(30);
  }

  // Pressure

  @Test
  void pressureBeginsAboveTheHighWaterMarkOfWhatIsReallyCharged() {
    serve(one, MOST);
    serve(other, MOST);
    charge(LoopCredit.NONE, HIGH_WATER);
    assertThat(budget.isUnderPressure()).isFalse();
    charge(LoopCredit.NONE, 1);
    assertThat(budget.isUnderPressure()).isTrue();
    assertThat(heard.began).isEqualTo(1);
  }

  @Test
  void unusedCreditIsNoPressure() {
    serve(one, MOST);
    charge(LoopCredit.NONE, HIGH_WATER - MOST);
    assertThat(account.reserved()).isEqualTo(HIGH_WATER);
    charge(one, 50);
    charge(other, 50);
    assertThat(account.charged()).isEqualTo(HIGH_WATER);
    assertThat(heard.began).isZero();
  }

  @Test
  void pressureEndsAtTheLowWaterMarkOfWhatIsReallyCharged() {
    charge(one, 150);
    charge(LoopCredit.NONE, HIGH_WATER + 1 - 150);
    budget.uncharge(one, HIGH_WATER - LOW_WATER);
    assertThat(budget.isUnderPressure()).isTrue();
    budget.uncharge(one, 1);
    assertThat(account.charged()).isEqualTo(LOW_WATER);
    assertThat(budget.isUnderPressure()).isFalse();
  }

  @Test
  void underPressureNoLoopHasCreditAndEachChargeIsReported() {
    serve(one, MOST);
    charge(LoopCredit.NONE, HIGH_WATER + 1);
    charge(one, 50);
    budget.uncharge(one, 50);
    assertClosed(one);
    assertThat(heard.goesOn).isEqualTo(2);
  }

  @Test
  void afterPressureCreditIsOpenedAgain() {
    serve(one, MOST);
    charge(LoopCredit.NONE, HIGH_WATER + 1);
    budget.uncharge(LoopCredit.NONE, HIGH_WATER + 1);
    assertClosed(one);
    serve(one, MOST);
    assertThat(one.unused()).isEqualTo(MOST);
  }

  @Test
  void betweenTheMarksNoCreditIsOpened() {
    charge(LoopCredit.NONE, LOW_WATER);
    charge(one, 50);
    budget.uncharge(one, 20);
    assertClosed(one);
    budget.uncharge(one, 30);
    assertThat(one.awaitsOpening()).isFalse();
  }

  // Reads that wait

  @Test
  void anUnchargeWakesAReadThatWaits() throws Exception {
    serve(one, MOST);
    charge(one, 20);
    Budget reader = new Budget(LIMIT, LIMIT, null, budget, () -> {});
    CountDownLatch mayWake = new CountDownLatch(1);
    var waking = waker.submit(() -> mayWake.await(10, TimeUnit.SECONDS));
    reader.awaitRoom();
    budget.uncharge(one, 10);
    assertClosed(one);
    BudgetChecker.check(budget);
    mayWake.countDown();
    assertThat(waking.get()).isTrue();
    TestThreads.await("the waiting read", () -> !budget.wantsRoom());
    budget.uncharge(one, 10);
    assertThat(one.awaitsOpening()).isFalse();
  }
}
