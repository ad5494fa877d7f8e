package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The arenas of idle connections, which go back to the event loop for the next connection. */
class IdleConnectionTest {
  private static final int LARGE = 200_000;
  private static final int SMALL = 1000;

  @RegisterExtension
  private final UpstreamGuard guard =
      UpstreamGuard.of(ArenaByteBufAllocator.builder().trimInterval(Duration.ZERO));

  private final EventExecutor loop = new DefaultEventExecutor();
  private final List<ConnectionArena> opened = new ArrayList<>();
  private ArenaByteBufAllocator shared = guard.allocator();

  @AfterEach
  void endLoop() {
    opened.forEach(ConnectionArena::close);
    TestThreads.end(loop);
  }

  private ConnectionArena open() {
    ConnectionArena arena = shared.newConnectionArena(loop, "connection " + opened.size());
    opened.add(arena);
    return arena;
  }

  private <T> T onLoop(Callable<T> task) {
    return TestThreads.call(loop, task);
  }

  /** Allocates small buffers, as large ones do not count for predictions. */
  private static long request(ConnectionArena arena, int bytes) {
    List<ByteBuf> buffers = new ArrayList<>();
    for (int left = bytes; left > 0; left -= SMALL) {
      buffers.add(arena.directBuffer(Math.min(left, SMALL)));
      buffers.add(arena.heapBuffer(Math.min(left, SMALL)));
    }
    long held = arena.metric().chargedBytes();
    buffers.forEach(ByteBuf::release);
    arena.reset();
    return held;
  }

  private int idleArenas() {
    return onLoop(() -> Objects.requireNonNull(shared.pools().ofCurrentThread()).idle.size());
  }

  @Test
  void onePairOfArenasServesConnectionsInTurn() {
    for (int i = 0; i < 100; i++) {
      ConnectionArena arena = open();
      onLoop(() -> request(arena, 100));
    }
    assertThat(idleArenas()).isEqualTo(1);
    onLoop(() -> request(opened.get(0), 100));
    assertThat(idleArenas()).isEqualTo(1);
    assertThat(opened).extracting(arena -> arena.metric().requests()).contains(1L, 2L);
    assertThat(opened).allMatch(arena -> arena.metric().leasedBlocks() == 0);
  }

  @ParameterizedTest
  @EnumSource(Checks.class)
  void eachConnectionKeepsItsOwnPrediction(Checks checks) {
    shared =
        guard.another(ArenaByteBufAllocator.builder().checks(checks).trimInterval(Duration.ZERO));
    ConnectionArena large = open();
    ConnectionArena small = open();
    onLoop(
        () -> {
          request(large, LARGE);
          request(small, 10);
          assertThat(request(large, 10)).as("as large as the last").isGreaterThan(LARGE);
          assertThat(request(small, 10)).as("as small").isLessThan(LARGE / 10);
          return true;
        });
  }

  @Test
  void aRequestWithoutHeapBuffersKeepsTheHeapPrediction() {
    ConnectionArena large = open();
    ConnectionArena other = open();
    onLoop(
        () -> {
          request(large, LARGE);
          shared.trim(); // so the next arenas are new, without one for heap memory
          large.directBuffer(10).release();
          large.reset();
          other.directBuffer(10).release(); // in the same
          other.reset();
          ByteBuf heap = large.heapBuffer(10);
          assertThat(large.metric().chargedBytes()).isGreaterThan(LARGE);
          heap.release();
          return true;
        });
  }

  @ParameterizedTest
  @EnumSource(Checks.class)
  void aStragglerKeepsTheArenasOfItsConnection(Checks checks) {
    shared =
        guard.another(ArenaByteBufAllocator.builder().checks(checks).trimInterval(Duration.ZERO));
    ConnectionArena first = open();
    ConnectionArena second = open();
    onLoop(
        () -> {
          ByteBuf survivor = first.directBuffer(100);
          first.reset();
          ByteBuf other = second.directBuffer(100);
          assertThat(survivor.alloc()).isSameAs(first);
          assertThat(other.alloc()).isSameAs(second);
          assertThat(first.survivors(10)).hasSize(1);
          assertThat(second.survivors(10)).isEmpty();
          survivor.release();
          first.reset();
          assertThat(first.metric().leasedBlocks()).isZero();
          assertThat(other.alloc()).isSameAs(second);
          other.release();
          second.reset();
          return true;
        });
    assertThat(idleArenas()).isEqualTo(2);
  }

  @Test
  void aTrimDropsTheIdleArenasOfABurst() {
    shared = guard.another(ArenaByteBufAllocator.builder().trimInterval(Duration.ofMillis(20)));
    List<ByteBuf> alive = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      ConnectionArena arena = open();
      alive.add(onLoop(() -> arena.directBuffer(100)));
    }
    alive.forEach(ByteBuf::release);
    opened.forEach(ConnectionArena::reset);
    TestThreads.await("the arenas to be forgotten", () -> idleArenas() == 0);
    assertThat(onLoop(() -> request(opened.get(7), 100))).isPositive();
  }

  @Test
  void anExplicitTrimDropsThemToo() {
    onLoop(() -> request(open(), 100));
    assertThat(idleArenas()).isEqualTo(1);
    shared.trim();
    assertThat(idleArenas()).isZero();
    assertThat(onLoop(() -> request(opened.get(0), 100))).isPositive();
  }

  @Test
  void arenasDoNotKeepAClosedConnectionReachable() {
    WeakReference<Object> connection = served();
    TestThreads.await(
        "the connection to be collected",
        () -> {
          System.gc();
          return connection.refersTo(null);
        });
    assertThat(idleArenas()).isEqualTo(1);
  }

  private WeakReference<Object> served() {
    Object connection = new Object();
    ConnectionArena arena = shared.newConnectionArena(loop, connection);
    onLoop(() -> request(arena, 100));
    arena.close();
    return new WeakReference<>(connection);
  }

  @Test
  void anotherThreadNeverReadsAnotherConnectionsFigures() {
    ConnectionArena first = open();
    ConnectionArena second = open();
    onLoop(() -> request(first, 100));
    ByteBuf buffer = onLoop(() -> second.directBuffer(LARGE));
    assertThat(first.metric().chargedBytes()).isZero();
    assertThat(second.metric().chargedBytes()).isGreaterThanOrEqualTo(LARGE);
    assertThat(shared.heaviest(1)).containsExactly(second);
    buffer.release();
  }

  /** Another thread may read arenas before they change hands, and their figures afterwards. */
  @Test
  void arenasHoldNothingForTheirFormerConnection() {
    ConnectionArena first = open();
    ConnectionArena second = open();
    onLoop(
        () -> {
          ConnectionArenas found =
              first.take(Objects.requireNonNull(shared.pools().ofCurrentThread()));
          first.reset();
          ByteBuf buffer = second.directBuffer(LARGE);
          assertThat(found.heldBytes(second)).isGreaterThanOrEqualTo(LARGE);
          assertThat(found.heldBytes(first)).isZero();
          assertThat(found.heldBlocks(first)).isZero();
          buffer.release();
          return true;
        });
  }
}
