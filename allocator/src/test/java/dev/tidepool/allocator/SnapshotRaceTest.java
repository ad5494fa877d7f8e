package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Snapshots by a thread that is no event loop while the loops work hard: they never fail, no figure
 * is negative, and none is another connection's.
 */
class SnapshotRaceTest {
  private static final List<ConnectionOrder> ORDERS = List.of(ConnectionOrder.values());
  private static final int LOOPS = 2;
  private static final int WALKS = 400;
  private static final int ALIGNMENT = 16;

  @RegisterExtension private final UpstreamGuard guard = UpstreamGuard.of(Checks.OFF);

  private final ArenaByteBufAllocator shared = guard.allocator();
  private final EventLoopGroup group = EventLoops.nio(LOOPS);
  private final AtomicBoolean over = new AtomicBoolean();
  private final List<Future<?>> working = new ArrayList<>();

  @AfterEach
  void end() {
    over.set(true);
    working.forEach(Future::syncUninterruptibly);
    TestThreads.end(group);
  }

  /** Has each loop work for connections of its own, one task after another, until the test ends. */
  private void workOn(Work work) {
    group.forEach(
        loop ->
            working.add(
                loop.submit(
                    () -> {
                      Random random = new Random();
                      while (!over.get()) {
                        work.run((EventLoop) loop, random);
                      }
                    })));
  }

  private interface Work {
    void run(EventLoop loop, Random random);
  }

  private void check(ConnectionSnapshot found) {
    assertThat(found.aliveBytes()).isNotNegative();
    assertThat(found.releasedBytes()).isNotNegative();
    assertThat(found.stragglingBytes()).isNotNegative();
    assertThat(found.freeBytes()).isNotNegative();
    assertThat(found.liveBuffers()).isNotNegative();
    assertThat(found.stragglers()).isBetween(0, found.liveBuffers());
    assertThat(found.heldBytes())
        .as("no more than was ever leased")
        .isLessThanOrEqualTo(shared.metric().peakMemory());
    assertThat(found.peakHeldBytes()).isGreaterThanOrEqualTo(found.heldBytes());
  }

  // Whatever the loops do

  @Test
  void neverFailsWhateverTheLoopsDo() {
    workOn(this::anyRequests);
    long requests = 0;
    for (int i = 0; i < WALKS; i++) {
      ConnectionWalk walk = shared.connections(10, ORDERS.get(i % ORDERS.size()));
      walk.first().forEach(this::check);
      assertThat(walk.requests()).as("never falls").isGreaterThanOrEqualTo(requests);
      requests = walk.requests();
      assertThat(shared.metric().liveBuffers()).isNotNegative();
      shared.poolSnapshots().forEach(SnapshotRaceTest::check);
    }
    assertThat(requests).as("the loops worked").isPositive();
  }

  private static void check(PoolSnapshot pool) {
    assertThat(pool.idleBytes()).isNotNegative();
    assertThat(pool.leasedBytes()).isNotNegative();
    assertThat(pool.idle()).allMatch(each -> each.blocks() > 0 && each.blockBytes() > 0);
  }

  /** Connections that come and go, with stragglers, sweeps and memory that goes back upstream. */
  private void anyRequests(EventLoop loop, Random random) {
    List<ByteBuf> alive = new ArrayList<>();
    try (ConnectionArena arena = shared.newConnectionArena(loop, "any");
        ConnectionArena other = shared.newConnectionArena(loop, "other")) {
      arena.watch();
      for (int i = 0; i < 300; i++) {
        ConnectionArena one = random.nextBoolean() ? arena : other;
        int size = random.nextInt(10) == 0 ? random.nextInt(100_000) : random.nextInt(700);
        alive.add(random.nextInt(4) == 0 ? one.heapBuffer(size) : one.directBuffer(size));
        if (random.nextInt(5) > 0) {
          alive.remove(random.nextInt(alive.size())).release();
        }
        if (random.nextInt(15) == 0) {
          one.reset();
        }
      }
      if (random.nextInt(20) == 0) {
        shared.trim();
      }
    }
    alive.forEach(ByteBuf::release);
  }

  // No figure of another connection

  /**
   * Connections that allocate only in one of two sizes, from the same blocks in turn: what a
   * snapshot finds alive in one is a multiple of its own size.
   */
  @Test
  void findsNoBufferOfAnotherConnection() {
    List<ConnectionArena> small = new ArrayList<>();
    List<ConnectionArena> large = new ArrayList<>();
    group.forEach(loop -> small.add(shared.newConnectionArena(loop, "small")));
    group.forEach(loop -> large.add(shared.newConnectionArena(loop, "large")));
    workOn(
        (loop, random) -> {
          hold(of(small, loop), 3 * ALIGNMENT, random, of(large, loop));
          hold(of(large, loop), 7 * ALIGNMENT, random, of(small, loop));
        });
    int seen = 0;
    for (int i = 0; i < 3 * WALKS; i++) {
      for (ConnectionSnapshot each : shared.connections(9, ConnectionOrder.HEAVIEST).first()) {
        int size = (each.connection().equals("small") ? 3 : 7) * ALIGNMENT;
        assertThat((each.aliveBytes() + each.stragglingBytes()) % size).isZero();
        assertThat(each.aliveBytes() + each.stragglingBytes())
            .isEqualTo((long) size * each.liveBuffers());
        seen += Math.min(1, each.liveBuffers());
      }
    }
    assertThat(seen).as("snapshots with something alive").isPositive();
    over.set(true);
    working.forEach(Future::syncUninterruptibly);
    small.forEach(ConnectionArena::close);
    large.forEach(ConnectionArena::close);
  }

  private static ConnectionArena of(List<ConnectionArena> arenas, EventLoop loop) {
    return arenas.stream().filter(each -> each.executor() == loop).findFirst().orElseThrow();
  }

  /** Holds buffers in {@code arena}, gives all back and, while it is amid that, in the other. */
  private static void hold(ConnectionArena arena, int size, Random random, ConnectionArena other) {
    List<ByteBuf> alive = new ArrayList<>();
    int count = 1 + random.nextInt(40);
    for (int i = 0; i < count; i++) {
      alive.add(arena.directBuffer(size));
    }
    if (random.nextInt(3) == 0) {
      ByteBuf between = other.directBuffer(size == 3 * ALIGNMENT ? 7 * ALIGNMENT : 3 * ALIGNMENT);
      alive.forEach(ByteBuf::release);
      arena.reset();
      between.release();
      other.reset();
    } else {
      alive.forEach(ByteBuf::release);
      arena.reset();
    }
  }

  // Requests' bytes

  @Test
  void recentRequestsAreShownInTheirOrder() {
    ConnectionArena arena = shared.newConnectionArena(group.next(), "counting");
    arena.watch();
    working.add(
        arena
            .executor()
            .submit(
                () -> {
                  for (int i = 1; !over.get(); i = i % 2000 + 1) {
                    arena.directBuffer(i * ALIGNMENT).release();
                    arena.reset();
                  }
                }));
    int full = 0;
    for (int i = 0; i < 10 * WALKS; i++) {
      List<Long> recent = snapshot().recentRequestBytes();
      for (int at = 1; at < recent.size(); at++) {
        long expected = recent.get(at - 1) / ALIGNMENT % 2000 + 1;
        assertThat(recent.get(at) / ALIGNMENT).isEqualTo(expected);
      }
      full += recent.size() > 32 ? 1 : 0;
    }
    assertThat(full).as("times that most were shown").isPositive();
    over.set(true);
    working.forEach(Future::syncUninterruptibly);
    arena.close();
  }

  private ConnectionSnapshot snapshot() {
    return shared.connections(1, ConnectionOrder.HEAVIEST).first().get(0);
  }
}
