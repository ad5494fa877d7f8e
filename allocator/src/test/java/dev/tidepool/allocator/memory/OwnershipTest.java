package dev.tidepool.allocator.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** A pool is touched by its thread alone or, without one, by the holder of its lock alone. */
class OwnershipTest {
  private final Ownership mine = new Ownership(Thread.currentThread(), new ReentrantLock());
  private final Ownership byLock = new Ownership(null, new ReentrantLock());
  private final AtomicInteger runs = new AtomicInteger();

  private static <T> T elsewhere(Supplier<T> body) {
    return CompletableFuture.supplyAsync(body, task -> new Thread(task, "other").start()).join();
  }

  @Test
  void aThreadsPoolIsItsOwnAndNobodyElses() {
    assertThat(mine.isHeld()).isTrue();
    assertThat(mine.isThread()).isTrue();
    assertThat(mine.isByLock()).isFalse();
    assertThat(mine.thread()).isSameAs(Thread.currentThread());
    assertThat(elsewhere(mine::isHeld)).isFalse();
    assertThat(elsewhere(mine::isThread)).isFalse();
  }

  @Test
  void anotherThreadsLockOfAThreadsPoolMakesItNoOwner() {
    boolean held =
        elsewhere(
            () -> {
              mine.lock().lock();
              return mine.isHeld();
            });
    assertThat(held).isFalse();
  }

  @Test
  void withoutAThreadTheLocksHolderOwns() {
    assertThat(byLock.isByLock()).isTrue();
    assertThat(byLock.isHeld()).isFalse();
    assertThat(byLock.isThread()).isFalse();
    byLock.locked(() -> assertThat(byLock.isHeld()).isTrue());
    assertThat(byLock.isHeld()).isFalse();
  }

  @Test
  void theOwnerRunsAtOnce() {
    assertThat(mine.run(runs::incrementAndGet)).isTrue();
    assertThat(mine.tryRun(runs::incrementAndGet)).isTrue();
    assertThat(runs).hasValue(2);
  }

  @Test
  void anotherThreadRunsNothing() {
    assertThat(elsewhere(() -> mine.run(runs::incrementAndGet))).isFalse();
    assertThat(elsewhere(() -> mine.tryRun(runs::incrementAndGet))).isFalse();
    assertThat(runs).hasValue(0);
  }

  @Test
  void withoutAThreadAnyThreadRunsUnderTheLock() {
    Runnable counts =
        () -> {
          assertThat(byLock.isHeld()).isTrue();
          runs.incrementAndGet();
        };
    assertThat(byLock.run(counts)).isTrue();
    assertThat(elsewhere(() -> byLock.run(counts))).isTrue();
    assertThat(byLock.tryRun(counts)).isTrue();
    assertThat(elsewhere(() -> byLock.tryRun(counts))).isTrue();
    assertThat(runs).hasValue(4);
    assertThat(byLock.lock().isLocked()).as("locked afterwards").isFalse();
  }

  @Test
  void whatIsTriedDoesNotWaitForTheLock() {
    byLock.locked(
        () -> assertThat(elsewhere(() -> byLock.tryRun(runs::incrementAndGet))).isFalse());
    assertThat(runs).hasValue(0);
  }

  @Test
  void afterItsThreadEndedTheLockStandsForTheOwner() {
    mine.locked(mine::endThread);
    assertThat(mine.isByLock()).isTrue();
    assertThat(mine.isHeld()).isFalse();
    assertThat(mine.thread()).isNull();
    assertThat(elsewhere(() -> mine.run(runs::incrementAndGet))).isTrue();
    assertThat(mine.tryRun(runs::incrementAndGet)).isTrue();
    assertThat(runs).hasValue(2);
  }
}
