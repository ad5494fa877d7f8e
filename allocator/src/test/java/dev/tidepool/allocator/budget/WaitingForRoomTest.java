package dev.tidepool.allocator.budget;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Reads that wait for the global budget are woken in order, and no more of them than have room. */
class WaitingForRoomTest {
  private static final int LIMIT = 800;
  private static final int HIGH_WATER = 700;
  private static final int LOW_WATER = 600;

  /** What one read may take, at this limit. */
  private static final int PORTION = 100;

  private final List<String> told = new ArrayList<>();
  private final List<Boolean> known = new ArrayList<>();
  private final List<String> woken = new ArrayList<>();
  private final HandCrankedExecutor waker = new HandCrankedExecutor();
  private final GlobalBudget global =
      new GlobalBudget(CreditedAccount.of(LIMIT), new Told(), waker);

  /** Notes in what order pressure is told of. */
  private final class Told implements GlobalBudget.Pressure {
    @Override
    public void began() {
      told.add("began");
      known.add(global.isPressureKnown());
    }

    @Override
    public void makeRoom() {
      told.add("make room");
      known.add(global.isPressureKnown());
    }

    @Override
    public void goesOn() {
      told.add("goes on");
    }
  }

  @AfterEach
  void check() {
    BudgetChecker.check(global);
  }

  private Budget reader(String name) {
    return new Budget(LIMIT, LIMIT, null, global, () -> woken.add(name));
  }

  private void charge(int bytes) {
    assertThat(global.charge(LoopCredit.NONE, bytes)).isTrue();
  }

  private void uncharge(int bytes) {
    global.uncharge(LoopCredit.NONE, bytes);
  }

  @Test
  void asManyAreWokenAsThereIsRoomForInTheOrderTheyCame() {
    charge(LIMIT);
    reader("first").awaitRoom();
    reader("second").awaitRoom();
    reader("third").awaitRoom();
    woken.clear(); // of what each found out by itself
    assertThat(waker.waiting()).as("no room yet").isZero();

    uncharge(2 * PORTION + PORTION / 2);
    assertThat(waker.waiting()).isEqualTo(1);
    waker.runScheduled();
    assertThat(woken).containsExactly("first", "second");
    assertThat(global.wantsRoom()).isTrue();
  }

  @Test
  void whoIsWokenAndTakesNothingLeavesTheRoomToTheNext() {
    charge(LIMIT);
    reader("first").awaitRoom();
    reader("second").awaitRoom();
    woken.clear();
    uncharge(PORTION);
    waker.runScheduled();
    assertThat(woken).containsExactly("first");
    assertThat(waker.waiting()).as("looks again").isEqualTo(1);
    waker.runScheduled();
    assertThat(woken).containsExactly("first", "second");
    uncharge(LIMIT - PORTION);
    waker.runScheduled();
    assertThat(waker.waiting()).as("nobody waits").isZero();
    assertThat(global.wantsRoom()).isFalse();
  }

  @Test
  void withLessRoomThanAReadTakesNobodyIsWoken() {
    charge(LIMIT);
    reader("one").awaitRoom();
    woken.clear();
    uncharge(PORTION - 1);
    assertThat(waker.waiting()).isZero();
    uncharge(1);
    assertThat(waker.waiting()).isEqualTo(1);
  }

  @Test
  void twoWhoUnchargeWakeByOneTask() {
    charge(LIMIT);
    reader("one").awaitRoom();
    uncharge(PORTION);
    uncharge(PORTION);
    assertThat(waker.waiting()).isEqualTo(1);
  }

  @Test
  void roomThatIsGoneBeforeTheTaskRunsWakesNobody() {
    charge(LIMIT);
    reader("one").awaitRoom();
    woken.clear();
    uncharge(PORTION);
    charge(PORTION);
    waker.runScheduled();
    assertThat(woken).isEmpty();
    assertThat(waker.waiting()).isZero();
    uncharge(PORTION);
    waker.runScheduled();
    assertThat(woken).containsExactly("one");
  }

  @Test
  void aWokenReaderIsUnderPressureNoMore() {
    charge(LIMIT);
    Budget reader = reader("one");
    reader.awaitRoom();
    assertThat(reader.isUnderPressure()).isTrue();
    assertThat(reader.wantsRoom()).isTrue();
    uncharge(LIMIT);
    assertThat(reader.isUnderPressure()).as("until it is told").isTrue();
    waker.runScheduled();
    assertThat(reader.isUnderPressure()).isFalse();
    assertThat(reader.wantsRoom()).isFalse();
  }

  @Test
  void whoWaitsTwiceIsWokenOnce() {
    charge(LIMIT);
    Budget reader = reader("one");
    reader.awaitRoom();
    reader.awaitRoom();
    woken.clear();
    uncharge(LIMIT);
    waker.runScheduled();
    assertThat(woken).containsExactly("one");
  }

  // What the pools are told

  @Test
  void poolsMakeRoomBeforePressureIsReported() {
    charge(HIGH_WATER);
    assertThat(told).isEmpty();
    charge(1);
    assertThat(told).startsWith("make room", "began");
    assertThat(known).as("known when the pools were told").containsExactly(false, true);
    assertThat(global.isPressureKnown()).isTrue();
  }

  @Test
  void pressureEndsAtTheLowWaterMark() {
    charge(HIGH_WATER + 1);
    uncharge(HIGH_WATER - LOW_WATER);
    assertThat(global.isUnderPressure()).isTrue();
    assertThat(global.wantsRoom()).isTrue();
    uncharge(1);
    assertThat(global.isUnderPressure()).isFalse();
    assertThat(global.isPressureKnown()).isFalse();
    assertThat(global.wantsRoom()).isFalse();
  }

  @Test
  void whoWaitsWithoutPressureHasThePoolsMakeRoom() {
    reader("one").awaitRoom();
    assertThat(told).containsExactly("make room");
    assertThat(waker.waiting()).as("there is room").isEqualTo(1);
  }

  @Test
  void whoWaitsUnderPressureHasItGoOn() {
    charge(LIMIT);
    told.clear();
    reader("one").awaitRoom();
    assertThat(told).containsExactly("goes on");
  }

  @Test
  void aClosedConnectionMattersUnderPressureToThoseWhoWait() {
    reader("without pressure").awaitRoom();
    told.clear();
    global.connectionClosed();
    assertThat(told).isEmpty();
    waker.runScheduled();

    charge(LIMIT);
    told.clear();
    global.connectionClosed();
    assertThat(told).as("nobody waits").isEmpty();
    reader("under pressure").awaitRoom();
    told.clear();
    global.connectionClosed();
    assertThat(told).containsExactly("goes on");
  }

  @Test
  void aWakeUpThatFoundNoThreadIsTriedAgain() {
    charge(LIMIT);
    reader("first").awaitRoom();
    woken.clear();
    waker.fails(true);
    uncharge(PORTION);
    waker.fails(false);
    uncharge(PORTION);
    waker.runScheduled();
    assertThat(woken).containsExactly("first");
  }
}
