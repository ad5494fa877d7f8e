package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidepool.allocator.threads.ClockThread;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The global budget of all connections and the shared allocator. */
class GlobalBudgetTest {
  private static final int BLOCK = 64 * 1024;
  private static final int BUDGET = 16 * BLOCK;

  @RegisterExtension static final OnEventLoop loop = new OnEventLoop();
  @RegisterExtension private final CapturedLog log = new CapturedLog();

  @RegisterExtension private final UpstreamGuard guard = UpstreamGuard.of(options());

  private final ArenaByteBufAllocator shared = guard.allocator();
  private final List<ByteBuf> alive = new ArrayList<>();
  private final List<ConnectionArena> arenas = new ArrayList<>();

  private static ArenaByteBufAllocator.Builder options() {
    return ArenaByteBufAllocator.builder()
        .globalBudget(BUDGET)
        .trimInterval(Duration.ZERO)
        .checks(Checks.FULL);
  }

  /** A listener that records what it is told. */
  private static final class Listener implements BudgetListener {
    final List<ArenaBudgetExceededException> failures = new CopyOnWriteArrayList<>();
    final List<ArenaBudgetExceededException> closeRequests = new CopyOnWriteArrayList<>();

    @Override
    public void pressureChanged() {
      // Figures are exact, as the tests run on the event loop.
    }

    @Override
    public void allocationFailed(ArenaBudgetExceededException failure) {
      failures.add(failure);
    }

    @Override
    public void closeRequested(ArenaBudgetExceededException reason) {
      closeRequests.add(reason);
    }
  }

  @BeforeEach
  void clearLog() throws Exception {
    log.clearWithClock();
  }

  @AfterEach
  void close() {
    alive.forEach(ByteBuf::release);
    arenas.forEach(ConnectionArena::close);
    guard.trim();
    assertThat(shared.metric().chargedMemory()).isZero();
  }

  private ConnectionArena open(ArenaByteBufAllocator allocator, String name) {
    ConnectionArena arena = allocator.newConnectionArena(loop.loop(), name);
    arenas.add(arena);
    return arena;
  }

  private ConnectionArena open(String name) {
    return open(shared, name);
  }

  private ByteBuf keep(ByteBuf buffer) {
    alive.add(buffer);
    return buffer;
  }

  @Test
  void everyLeasedBlockCounts() {
    ConnectionArena one = open("one");
    keep(one.directBuffer(BLOCK));
    keep(one.newChild().heapBuffer(2 * BLOCK));
    keep(CompletableFuture.supplyAsync(() -> one.directBuffer(BLOCK)).join());
    keep(shared.directBuffer(BLOCK));
    keep(CompletableFuture.supplyAsync(() -> shared.heapBuffer(BLOCK)).join());
    ConnectionArena gone = open("gone");
    keep(gone.directBuffer(BLOCK));
    gone.close();
    assertThat(shared.metric().chargedMemory())
        .isEqualTo(shared.metric().leasedMemory())
        .isEqualTo(7 * BLOCK);
    alive.remove(0).release();
    one.reset();
    assertThat(shared.metric().chargedMemory()).isEqualTo(6 * BLOCK);
  }

  @Test
  void idleBlocksInThePoolsDoNotCount() {
    shared.directBuffer(BUDGET / 2).release();
    open("one").directBuffer(BUDGET / 2).release();
    arenas.get(0).reset();
    assertThat(shared.metric().pooledMemory()).isPositive();
    keep(open("other").directBuffer(BUDGET));
    assertThat(shared.metric().chargedMemory()).isEqualTo(BUDGET);
  }

  @Test
  void anAllocationOverTheBudgetFailsAndReportsTheConnectionAndTheBytesHeld() {
    keep(open("much").directBuffer(BUDGET / 2));
    keep(shared.directBuffer(BUDGET / 4));
    keep(shared.directBuffer(BUDGET / 8));
    ConnectionArena one = open("one");
    Listener listener = new Listener();
    one.budgetListener(listener);
    keep(one.directBuffer(100));
    assertThatThrownBy(() -> one.directBuffer(2 * BLOCK))
        .isInstanceOfSatisfying(
            ArenaBudgetExceededException.class,
            e -> {
              assertThat(listener.failures).containsExactly(e);
              assertThat(e.budget()).isEqualTo(BUDGET);
              assertThat(e.held()).isEqualTo(shared.metric().chargedMemory());
              assertThat(e.asked()).isEqualTo(2 * BLOCK);
              assertThat(e.connection()).isEqualTo("one");
              assertThat(e.liveBuffers()).isEqualTo(1);
              assertThat(e.oldestBytes()).isEqualTo(100);
              assertThat(e.report())
                  .startsWith("budget of one exceeded: globalBudget: 1048576 bytes, held: ");
              assertThat(e).hasMessage("a memory limit was reached");
            });
    assertThatThrownBy(() -> shared.directBuffer(2 * BLOCK))
        .isInstanceOfSatisfying(
            ArenaBudgetExceededException.class,
            e -> {
              assertThat(e.report()).startsWith("budget of ArenaByteBufAllocator(");
              assertThat(e).hasMessage("a memory limit was reached");
            });
    assertThat(shared.metric().refusals()).isEqualTo(2);
    assertThat(shared.metric().chargedMemory()).isEqualTo(shared.metric().leasedMemory());
  }

  @Test
  void theHeaviestAreLoggedWhenPressureBeginsAndNotEachTime() throws Exception {
    keep(open("light").directBuffer(BLOCK));
    ConnectionArena heavy = open("heavy");
    keep(heavy.newChild().directBuffer(8 * BLOCK));
    open("holds nothing");
    for (int times = 1; times <= 20; times++) {
      List<ByteBuf> rest = new ArrayList<>();
      for (int i = 0; i < 7; i++) {
        rest.add(shared.directBuffer(BLOCK));
      }
      TestThreads.await("the log", () -> lines().size() == 1);
      rest.forEach(ByteBuf::release);
      guard.trim(); // the shared arena still held its last block, empty
    }
    ClockThread.EXECUTOR.submit(() -> {}).get();
    assertThat(lines())
        .singleElement()
        .satisfies(line -> assertThat(line).contains("heavy: 524288 bytes, light: 65536 bytes"))
        .satisfies(line -> assertThat(line).doesNotContain("holds nothing"));
  }

  private List<String> lines() {
    return log.lines("globalBudget: ");
  }

  @Test
  void theHeaviestIsAskedToCloseAndAfterItsCloseTheNext() throws Exception {
    ArenaByteBufAllocator closing = guard.another(options().closeHeaviest(true));
    List<Listener> listeners = new ArrayList<>();
    for (int blocks : new int[] {2, 4, 1}) {
      ConnectionArena arena = open(closing, "connection " + arenas.size());
      Listener listener = new Listener();
      listeners.add(listener);
      arena.budgetListener(listener);
      keep(arena.directBuffer(blocks * BLOCK));
    }
    keep(open(closing, "hears nothing").directBuffer(8 * BLOCK));
    List<ArenaBudgetExceededException> first = listeners.get(1).closeRequests;
    TestThreads.await("the first request", () -> first.size() == 1);
    keep(arenas.get(0).heapBuffer(100)); // more, while that one is still closing
    ClockThread.EXECUTOR.submit(() -> {}).get();
    assertThat(first).hasSize(1);
    assertThat(first.get(0).isHeaviest()).isTrue();
    assertThat(first.get(0).report())
        .startsWith("connection 1 holds most of all connections, 262144 bytes, and is");
    assertThat(first.get(0)).hasMessage("a memory limit was reached");
    assertThat(listeners.get(0).closeRequests).isEmpty();

    arenas.get(1).close(); // what it holds is still alive
    keep(arenas.get(2).heapBuffer(100));
    TestThreads.await(
        "the next request",
        () -> listeners.get(0).closeRequests.size() + listeners.get(2).closeRequests.size() == 1);
    assertThat(first).hasSize(1);
  }

  /** A listener that closes its arena, before anything else happens, when it may. */
  private static final class ClosesAtOnce implements BudgetListener {
    final CountDownLatch may = new CountDownLatch(1);
    private final ConnectionArena arena;

    ClosesAtOnce(ConnectionArena arena) {
      this.arena = arena;
    }

    @Override
    public void pressureChanged() {
      // It only closes.
    }

    @Override
    public void allocationFailed(ArenaBudgetExceededException failure) {
      throw new AssertionError(failure);
    }

    @Override
    public void closeRequested(ArenaBudgetExceededException reason) {
      try {
        may.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      TestThreads.run(arena.executor(), arena::close);
    }
  }

  @Test
  void theNextIsAskedTooIfTheHeaviestClosesWhileItIsBeingAsked() {
    ArenaByteBufAllocator closing =
        guard.another(options().closeHeaviest(true).budgetPolicy(BudgetPolicy.PAUSE));
    EventExecutor other = new DefaultEventExecutor();
    ConnectionArena heavy = closing.newConnectionArena(other, "heavy");
    ClosesAtOnce heavyListener = new ClosesAtOnce(heavy);
    heavy.budgetListener(heavyListener);
    ByteBuf heavyBuffer = TestThreads.call(other, () -> heavy.directBuffer(10 * BLOCK));
    ConnectionArena next = open(closing, "next");
    Listener nextListener = new Listener();
    next.budgetListener(nextListener);
    keep(next.directBuffer(6 * BLOCK));
    assertThat(open(closing, "waiting").awaitRoom()).isTrue();
    heavyListener.may.countDown(); // what it held is still alive, and a read waits
    TestThreads.await("the next request", () -> nextListener.closeRequests.size() == 1);
    TestThreads.run(other, heavyBuffer::release);
    TestThreads.end(other);
  }

  @Test
  void aWaitingReadIsWokenWhenThereIsRoom() {
    ArenaByteBufAllocator pausing = guard.another(options().budgetPolicy(BudgetPolicy.PAUSE));
    ByteBuf all = pausing.directBuffer(BUDGET);
    ConnectionArena one = open(pausing, "one");
    ConnectionArena other = open(pausing, "other");
    assertThatThrownBy(() -> one.directBuffer(1)).isInstanceOf(ArenaBudgetExceededException.class);
    assertThat(one.awaitRoom()).isTrue();
    assertThat(other.awaitRoom()).isTrue();
    assertThat(one.isUnderPressure()).isTrue();
    all.release();
    pausing.directBuffer(1).release();
    TestThreads.await("room", () -> !one.isUnderPressure() && !other.isUnderPressure());
    assertThat(one.metric().pauses()).isEqualTo(1);
  }

  @Test
  void readsWaitOnlyUnderThePausePolicy() {
    ConnectionArena one = open("one");
    assertThat(one.awaitRoom()).isFalse();
    assertThat(one.isUnderPressure()).isFalse();
  }
}
