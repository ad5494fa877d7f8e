package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The list of the buffers that outlived their requests. */
class SurvivorsTest {
  @RegisterExtension private final UpstreamGuard guard = UpstreamGuard.of(Checks.FULL);

  private final EventExecutor loop = new DefaultEventExecutor();
  private final List<ByteBuf> alive = new ArrayList<>();
  private int line;

  @AfterEach
  void endLoop() {
    alive.forEach(ByteBuf::release);
    TestThreads.end(loop);
  }

  private ConnectionArena arena(Recording recording) {
    return guard
        .another(
            ArenaByteBufAllocator.builder()
                .trimInterval(Duration.ZERO)
                .leakGrace(Duration.ofHours(1))
                .recording(recording))
        .newConnectionArena(loop, "connection 7");
  }

  private void survive(ConnectionArena arena, int capacity, boolean direct) {
    line = Lines.next();
    alive.add(direct ? arena.directBuffer(capacity) : arena.heapBuffer(capacity));
  }

  private static List<Survivor> survivors(EventExecutor loop, ConnectionArena arena, int n) {
    return TestThreads.call(loop, () -> arena.survivors(n));
  }

  @ParameterizedTest
  @EnumSource
  void theOldestSurvivorsComeFirst(Recording recording) {
    ConnectionArena arena = arena(recording);
    TestThreads.run(
        loop,
        () -> {
          for (int request = 1; request <= 5; request++) {
            survive(arena, 100 * request, request % 2 == 0);
            alive.get(request - 1).writeZero(request);
            arena.reset();
          }
          survive(arena, 999, true); // of the open request
        });

    List<Survivor> all = survivors(loop, arena, 10);

    assertThat(all).extracting(Survivor::request).containsExactly(1, 2, 3, 4, 5);
    assertThat(all).extracting(Survivor::capacity).containsExactly(100, 200, 300, 400, 500);
    assertThat(all).extracting(Survivor::readableBytes).containsExactly(1, 2, 3, 4, 5);
    assertThat(all).extracting(Survivor::direct).containsExactly(false, true, false, true, false);
    assertThat(all).extracting(Survivor::age).isSortedAccordingTo((a, b) -> b.compareTo(a));
    assertThat(all).extracting(Survivor::age).allSatisfy(age -> assertThat(age).isPositive());
    assertThat(survivors(loop, arena, 2)).extracting(Survivor::request).containsExactly(1, 2);
    assertThat(survivors(loop, arena, 0)).isEmpty();
    if (recording == Recording.ALL) {
      assertThat(all)
          .allSatisfy(
              each -> Lines.assertAt(each.allocatedAt(), SurvivorsTest.class, "survive", line));
    }
    arena.close();
    assertThat(survivors(loop, arena, 10))
        .extracting(Survivor::request)
        .containsExactly(1, 2, 3, 4, 5, 6);
  }

  @Test
  void aReleasedBufferIsNoSurvivor() {
    ConnectionArena arena = arena(Recording.OFF);
    TestThreads.run(
        loop,
        () -> {
          survive(arena, 10, true);
          arena.reset();
          assertThat(arena.survivors(1)).hasSize(1);
        });
    alive.remove(0).release(); // on this thread; the loop drains it when it allocates
    assertThat(survivors(loop, arena, 1)).isEmpty();
    arena.close();
  }

  @Test
  void otherThreadsBuffersAreAmongTheSurvivors() {
    ConnectionArena arena = arena(Recording.ALL);
    survive(arena, 10, true);
    TestThreads.run(loop, arena::reset);
    assertThat(survivors(loop, arena, 9)).extracting(Survivor::capacity).containsExactly(10);
    arena.close();
  }

  @Test
  void theDumpSaysWhereSurvivorsWereAllocated() {
    ConnectionArena arena = arena(Recording.ALL);
    TestThreads.run(
        loop,
        () -> {
          survive(arena, 123, true);
          alive.get(0).touch("on its way");
          arena.reset();
          assertThat(arena.dump())
              .contains("straggler of request 1, direct, capacity 123, readable 0,")
              .contains("allocated at " + SurvivorsTest.class.getName() + ".survive(")
              .contains("SurvivorsTest.java:" + line)
              .contains("hint: on its way");
          arena.close();
        });
  }

  @Test
  void onlyTheEventLoopMayListSurvivorsAndAfterItsEndAnyThread() {
    ConnectionArena arena = arena(Recording.OFF);
    TestThreads.run(
        loop,
        () -> {
          survive(arena, 10, true);
          arena.close();
        });
    assertThatThrownBy(() -> arena.survivors(1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("survivors: arena of a connection, thread: ")
        .hasMessageContaining("expected: its event loop");
    assertThatThrownBy(() -> survivors(loop, arena, -1))
        .hasMessageContaining("n: -1 (expected: >= 0)");
    TestThreads.end(loop);
    assertThat(arena.survivors(1)).extracting(Survivor::capacity).containsExactly(10);
  }
}
