package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The list of the heaviest connections, on any thread and at any time. */
class HeaviestTest {
  @RegisterExtension private final UpstreamGuard guard = UpstreamGuard.of(Checks.OFF);

  private final ArenaByteBufAllocator shared = guard.allocator();
  private final EventExecutor loop = new DefaultEventExecutor();
  private final List<ConnectionArena> arenas = new ArrayList<>();

  @AfterEach
  void endLoop() {
    arenas.forEach(ConnectionArena::close);
    TestThreads.end(loop);
  }

  private ConnectionArena open() {
    ConnectionArena arena = shared.newConnectionArena(loop, "connection " + arenas.size());
    arenas.add(arena);
    return arena;
  }

  @Test
  void theHeaviestComeFirst() {
    List<ByteBuf> held = new ArrayList<>();
    for (int size : new int[] {10, 1 << 20, 100_000}) {
      ConnectionArena arena = open();
      held.add(TestThreads.call(loop, () -> arena.buffer(size)));
    }
    open(); // holds nothing

    assertThat(shared.heaviest(2)).containsExactly(arenas.get(1), arenas.get(2));
    assertThat(shared.heaviest(100))
        .containsExactly(arenas.get(1), arenas.get(2), arenas.get(0), arenas.get(3));
    assertThat(shared.heaviest(0)).isEmpty();
    arenas.get(1).close();
    TestThreads.run(loop, () -> {});
    assertThat(shared.heaviest(1)).containsExactly(arenas.get(2));
    held.forEach(ByteBuf::release);
  }

  @Test
  void aNegativeCountIsNamed() {
    assertThatThrownBy(() -> shared.heaviest(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("n: -1 (expected: >= 0)");
  }

  @Test
  void listingWhileEverythingChangesDoesNotFail() throws Exception {
    for (int i = 0; i < 200; i++) {
      open();
    }
    AtomicBoolean asked = new AtomicBoolean();
    Future<?> changes =
        loop.submit(
            () -> {
              for (int i = 0; !asked.get(); i++) {
                ConnectionArena arena = arenas.get(i % arenas.size());
                ByteBuf buffer = arena.buffer(10 << (i % 16));
                arenas.get((i * 31 + 7) % arenas.size()).reset();
                buffer.release();
              }
            });
    try {
      for (int i = 0; i < 300; i++) {
        assertThat(shared.heaviest(5)).hasSize(5);
      }
    } finally {
      asked.set(true);
    }
    changes.get();
  }
}
