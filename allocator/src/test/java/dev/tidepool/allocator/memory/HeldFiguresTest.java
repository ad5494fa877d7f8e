package dev.tidepool.allocator.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.memory.MemoryOptions.ChecksLevel;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Figures of the blocks of one arena, by its owner. */
class HeldFiguresTest {
  private static final int SIZE = 256;
  private static final int PER_BLOCK = Pools.SMALLEST / SIZE;

  private final Upstream upstream = new Upstream(new UnpooledByteBufAllocator(false));
  private final BlockPool pool = Pools.owned(Pools.options(ChecksLevel.OFF, Pools.MUCH), upstream);
  private final Arena arena = new Arena(pool, MemoryKind.DIRECT, new Pools.Host());
  private final List<ArenaByteBuf> alive = new ArrayList<>();

  @AfterEach
  void giveAllBack() {
    alive.forEach(ArenaByteBuf::release);
    arena.reset();
    pool.trimAll();
    assertThat(upstream.heldDirect()).isZero();
  }

  private HeldFigures figures() {
    HeldFigures found = new HeldFigures(Integer.MAX_VALUE);
    found.add(arena, 0);
    return found;
  }

  private void allocate(int count) {
    for (int i = 0; i < count; i++) {
      alive.add(arena.allocate(SIZE, SIZE));
    }
  }

  @Test
  void anArenaWithoutBlocksHoldsNothing() {
    assertThat(figures().heldBytes()).isZero();
    assertThat(figures().blocks()).isZero();
  }

  @Test
  void whatIsDeadInABlockIsReleasedAndWhatIsAheadIsFree() {
    allocate(10);
    alive.remove(3).release();
    alive.remove(3).release();
    HeldFigures found = figures();
    assertThat(found.aliveBytes()).isEqualTo(8 * SIZE);
    assertThat(found.releasedBytes()).isEqualTo(2 * SIZE);
    assertThat(found.freeBytes()).isEqualTo(Pools.SMALLEST - 10 * SIZE);
    assertThat(found.liveBuffers()).isEqualTo(8);
  }

  /** What is free is what can be allocated without another block. */
  @Test
  void theGapsOfASweptBlockAreFree() {
    allocate(PER_BLOCK);
    for (int i = 1; i < PER_BLOCK / 2; i++) {
      alive.remove(i).release(); // every other one, but for the last
    }
    assertThat(figures().freeBytes()).isZero();
    assertThat(figures().releasedBytes()).isEqualTo(Pools.SMALLEST / 2 - SIZE);
    allocate(1); // which sets the block aside, in a new one
    while (figures().blocks() < 3 && figures().releasedBytes() > 0) {
      allocate(1);
    }
    int blocks = figures().blocks();
    long free = figures().freeBytes();
    assertThat(free).as("the gaps of the block swept").isPositive();
    allocate((int) free / SIZE);
    assertThat(figures().blocks()).isEqualTo(blocks);
    assertThat(figures().freeBytes()).isZero();
    allocate(1);
    assertThat(figures().blocks()).isEqualTo(blocks + 1);
  }

  @Test
  void afterTheEndEveryBufferIsAStraggler() {
    allocate(3);
    arena.beginRequest(7);
    allocate(2);
    HeldFigures found = new HeldFigures(Integer.MAX_VALUE);
    found.add(arena, 7);
    assertThat(found.stragglers()).isEqualTo(3);
    assertThat(found.aliveBytes()).isEqualTo(2 * SIZE);
    assertThat(found.stragglingBytes()).isEqualTo(3 * SIZE);
    HeldFigures ended = new HeldFigures(Integer.MAX_VALUE);
    ended.add(arena, HeldFigures.ENDED);
    assertThat(ended.stragglers()).isEqualTo(5);
    assertThat(ended.aliveBytes()).isZero();
  }
}
