package dev.tidepool.allocator.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.os.DaemonThread;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Loops with credit, and threads without, charge and uncharge at random about the marks and the
 * limit; now and then a loop is idle, or ends and begins again.
 *
 * <p>{@code -Dtidepool.seed=} makes the threads do other things. Their timing is the machine's: the
 * seed of a failure need not fail again.
 */
class GlobalCreditRaceTest {
  private static final long SEED = Long.getLong("tidepool.seed", 20_26);
  private static final int ACTS = 100_000;
  private static final int LOOPS = 3;
  private static final int LANES = 2;
  private static final int LIMIT = 10_000;

  private final GlobalBudget budget =
      new GlobalBudget(
          new CreditedAccount(LIMIT, 600),
          new GlobalBudget.Pressure() {
            @Override
            public void began() {}

            @Override
            public void makeRoom() {}

            @Override
            public void goesOn() {}
          },
          DaemonThread.executor("waker"));

  /** A lower bound of what is charged: added to after each charge, taken from before it ends. */
  private final AtomicLong surelyCharged = new AtomicLong();

  private final ExecutorService threads = Executors.newFixedThreadPool(LOOPS + LANES);

  @AfterEach
  void end() {
    threads.shutdown();
  }

  private final class Actor implements Callable<Actor> {
    private final boolean isLoop;
    private final SplittableRandom random;
    private final Deque<Integer> held = new ArrayDeque<>();
    private LoopCredit credit = LoopCredit.NONE;

    Actor(int number) {
      this.isLoop = number < LOOPS;
      this.random = new SplittableRandom(SEED + number);
      begin();
    }

    private void begin() {
      if (isLoop) {
        credit = budget.newCredit();
      }
    }

    @Override
    public Actor call() {
      for (int i = 0; i < ACTS; i++) {
        act();
      }
      return this;
    }

    private void act() {
      int dice = random.nextInt(1000);
      if (dice == 0) {
        credit.end();
        begin();
      } else if (dice < 5) {
        credit.giveBack();
      } else if (dice < 10) {
        releaseAll();
      } else if (held.isEmpty() || random.nextBoolean()) {
        charge(1 + random.nextInt(random.nextInt(10) == 0 ? LIMIT / 2 : 200));
      } else {
        release();
      }
    }

    private void charge(int bytes) {
      if (budget.charge(credit, bytes)) {
        held.add(bytes);
        assertThat(surelyCharged.addAndGet(bytes)).as("charged").isLessThanOrEqualTo(LIMIT);
      }
    }

    private void release() {
      int bytes = random.nextBoolean() ? held.removeFirst() : held.removeLast();
      surelyCharged.addAndGet(-bytes);
      budget.uncharge(credit, bytes);
    }

    void releaseAll() {
      while (!held.isEmpty()) {
        release();
      }
    }

    long held() {
      return held.stream().mapToLong(Integer::longValue).sum();
    }
  }

  @Test
  void chargesStayWithinTheLimitAndEndExact() throws Exception {
    try {
      List<Actor> actors = run();
      assertThat(budget.account().charged())
          .isEqualTo(actors.stream().mapToLong(Actor::held).sum());
      BudgetChecker.check(budget);
      actors.forEach(Actor::releaseAll);
      BudgetChecker.check(budget);
      assertThat(budget.account().charged()).isZero();
      assertThat(budget.charge(LoopCredit.NONE, LIMIT)).isTrue();
      BudgetChecker.check(budget);
    } catch (Throwable e) {
      throw new AssertionError("-Dtidepool.seed=" + SEED, e);
    }
  }

  private List<Actor> run() throws Exception {
    List<Future<Actor>> running = new ArrayList<>();
    for (int i = 0; i < LOOPS + LANES; i++) {
      running.add(threads.submit(new Actor(i)));
    }
    List<Actor> actors = new ArrayList<>();
    for (Future<Actor> each : running) {
      actors.add(each.get());
    }
    return actors;
  }
}
