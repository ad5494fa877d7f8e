package dev.tidepool.allocator.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.FaultyUpstream;
import dev.tidepool.allocator.memory.MemoryOptions.ChecksLevel;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A tick looks only at what may be idle; without that the clock rests, and a release wakes it. */
class RestingClockTest {
  private static final int MANY = 100;

  private final FaultyUpstream memory = new FaultyUpstream();
  private final Upstream upstream = new Upstream(memory);
  private final Deque<Runnable> tasks = new ArrayDeque<>();
  private int started;
  private final TrimTimer timer =
      new TrimTimer() {
        @Override
        public void start(BlockPool pool) {
          started++;
        }

        @Override
        public boolean execute(Runnable task) {
          return tasks.add(task);
        }
      };
  private final BlockPool pool = poolOf(Thread.currentThread(), Pools.MUCH);
  private final Pools.Host host = new Pools.Host();
  private final Arena arena = new Arena(pool, MemoryKind.DIRECT, host);

  private BlockPool poolOf(Thread owner, long maxRetained) {
    return new BlockPool(Pools.options(ChecksLevel.LIGHT, maxRetained), upstream, timer, owner);
  }

  @AfterEach
  void everythingGoesBack() {
    InvariantChecker.check(pool);
    pool.close();
    assertThat(memory.used()).isZero();
  }

  private boolean tick() {
    boolean goesOn = pool.trimTick();
    InvariantChecker.check(pool);
    return goesOn;
  }

  private static void releaseElsewhere(ByteBuf buffer) {
    CompletableFuture.runAsync(buffer::release).join();
  }

  // What a tick looks at

  @Test
  void aTickLooksOnceAtABlockThatIsHeld() {
    List<ByteBuf> alive = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      alive.add(new Arena(pool, MemoryKind.HEAP, host).allocate(100, 100));
    }
    assertThat(pool.recent.size()).isEqualTo(MANY);
    assertThat(tick()).isFalse();
    assertThat(pool.recent.size()).isZero();

    alive.get(0).release();
    assertThat(pool.recent.size()).as("those that a tick looks at").isEqualTo(1);
    assertThat(tick()).isTrue();
    assertThat(pool.leasedBytes()).isEqualTo((MANY - 1) * Pools.SMALLEST);
    alive.subList(1, MANY).forEach(ByteBuf::release);
    tick();
    assertThat(pool.leasedBytes()).isZero();
  }

  @Test
  void whatIsUsedBetweenTicksIsListedOnce() {
    for (int i = 0; i < MANY; i++) {
      arena.allocate(100, 100).release();
      arena.reset();
      InvariantChecker.check(pool);
    }
    assertThat(pool.recent.size()).isEqualTo(1);
  }

  @Test
  void aBlockThatEmptiesAndFillsAgainIsLookedAtAgain() {
    for (int i = 0; i < MANY; i++) {
      ByteBuf buffer = arena.allocate(100, 100);
      tick();
      buffer.release();
      arena.allocate(50, 50).release();
      assertThat(arena.heldBlocks()).isEqualTo(1);
    }
    tick();
    assertThat(arena.heldBlocks()).isZero();
  }

  /** Without a clock, as with interval 0, no tick would forget it. */
  @Test
  void whatWentUpstreamIsListedNoMore() {
    BlockPool keepsOne = poolOf(Thread.currentThread(), Pools.SMALLEST);
    List<Arena> arenas = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      arenas.add(new Arena(keepsOne, MemoryKind.HEAP, host));
      arenas.get(i).allocate(100, 100).release();
    }
    assertThat(keepsOne.recent.size()).isEqualTo(MANY);
    for (Arena each : arenas) {
      each.reset();
      InvariantChecker.check(keepsOne);
    }
    assertThat(keepsOne.recent.size()).isEqualTo(1);
    keepsOne.close();
  }

  @Test
  void aBlockMarkedToGoBackWhenEmptyStaysMarkedAfterATick() {
    ByteBuf alive = arena.allocate(100, 100);
    tick();
    arena.makeRoom();
    tick();
    alive.release();
    assertThat(arena.heldBlocks()).isZero();
  }

  /** Each lease and each return is followed by a tick, for the clock's other work. */
  @Test
  void aTickFollowsABlockThatIsNotCurrentToo() {
    ByteBuf alive = arena.allocate(Pools.LARGEST + 1, Pools.LARGEST + 1);
    assertThat(started).isEqualTo(1);
    assertThat(tick()).isFalse();
    alive.release();
    assertThat(started).isEqualTo(2);
    assertThat(tick()).isFalse();
    assertThat(memory.used()).isZero();
  }

  // Waking

  @Test
  void aReleaseElsewhereWakesAnOwnerWhoseClockRests() {
    ByteBuf alive = arena.allocate(100, 100);
    assertThat(tick()).isFalse();
    int before = started;
    releaseElsewhere(alive);
    assertThat(tasks).hasSize(1);
    tasks.remove().run();
    assertThat(started).as("the clock ticks again").isGreaterThan(before);
    tick();
    assertThat(arena.heldBlocks()).isZero();
  }

  @Test
  void ofManyReleasesOnlyTheFirstWakesTheOwner() {
    List<ByteBuf> alive = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      alive.add(arena.allocate(100, 100));
    }
    assertThat(tick()).isFalse();
    releaseElsewhere(alive.get(0));
    releaseElsewhere(alive.get(1));
    assertThat(tasks).as("one on its way").hasSize(1);
    tasks.remove().run();
    alive.subList(2, MANY).forEach(RestingClockTest::releaseElsewhere);
    assertThat(tasks).as("none: the clock ticks").isEmpty();
    tick();
    assertThat(tick()).isTrue();
    assertThat(arena.heldBlocks()).isZero();
  }

  @Test
  void aLaneWhoseClockRestsIsDrainedByTheReleasingThread() {
    BlockPool lane = poolOf(null, Pools.MUCH);
    Arena ofLane = new Arena(lane, MemoryKind.HEAP, host);
    ByteBuf[] alive = new ByteBuf[1];
    lane.ownership()
        .locked(
            () -> {
              alive[0] = ofLane.allocateOwned(100, 100);
              assertThat(lane.trimTick()).isFalse();
            });
    alive[0].release();
    assertThat(tasks).isEmpty();
    lane.ownership()
        .locked(
            () -> {
              lane.trimTick();
              InvariantChecker.check(lane);
              assertThat(lane.leasedBytes()).isZero();
            });
    lane.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aReleaseIntoAClosedPoolNeedsNoTask(boolean rests) {
    ByteBuf alive = arena.allocate(100, 100);
    if (rests) {
      tick();
    }
    pool.close();
    releaseElsewhere(alive);
    assertThat(memory.used()).isZero();
    assertThat(tasks).isEmpty();
  }

  // Much

  @Test
  void aMebibyteReleasedElsewhereWakesTheOwnerWhileTheClockTicks() {
    int bytes = 64 * 1024;
    List<ByteBuf> alive = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      alive.add(arena.allocate(bytes, bytes));
    }
    for (int i = 0; i < 15; i++) {
      releaseElsewhere(alive.get(i));
    }
    assertThat(tasks).isEmpty();
    alive.subList(15, 32).forEach(RestingClockTest::releaseElsewhere);
    assertThat(tasks).hasSize(1);
    tasks.remove().run();
    assertThat(pool.leasedBytes()).isLessThan(bytes * 32L);
    assertThat(pool.isAboutToGiveBack()).isFalse();
    arena.reset();
  }

  @Test
  void manySmallReleasesWakeTheOwnerToo() {
    List<ByteBuf> alive = new ArrayList<>();
    for (int i = 0; i < RemoteReleases.MUCH; i++) {
      alive.add(arena.allocate(1, 1));
    }
    ByteBuf last = alive.remove(0);
    CompletableFuture.runAsync(() -> alive.forEach(ByteBuf::release)).join();
    assertThat(tasks).isEmpty();
    releaseElsewhere(last);
    assertThat(tasks).hasSize(1);
    tasks.remove().run();
    arena.reset();
    assertThat(pool.leasedBytes()).isZero();
  }

  @Test
  void drainedReleasesDoNotCountTowardsAWakeUp() {
    int bytes = 64 * 1024;
    for (int i = 0; i < MANY; i++) {
      releaseElsewhere(arena.allocate(bytes, bytes));
    }
    assertThat(tasks).isEmpty();
    arena.reset();
  }

  @Test
  void whatOthersReleasedIsUsedBeforeUpstreamIsAsked() {
    releaseElsewhere(arena.allocate(Pools.LARGEST, Pools.LARGEST));
    long before = upstream.allocations();
    arena.allocate(Pools.LARGEST, Pools.LARGEST).release();
    arena.allocateToRead(Pools.LARGEST, Pools.LARGEST).release();
    assertThat(upstream.allocations()).isEqualTo(before);
  }
}
