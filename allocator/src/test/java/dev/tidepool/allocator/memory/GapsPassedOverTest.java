package dev.tidepool.allocator.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.memory.MemoryOptions.ChecksLevel;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Gaps too small for one buffer serve the next. */
class GapsPassedOverTest {
  private final Upstream upstream = new Upstream(new UnpooledByteBufAllocator(false));
  private final BlockPool pool =
      Pools.owned(Pools.options(ChecksLevel.LIGHT, Pools.MUCH), upstream);
  private final Arena arena = new Arena(pool, MemoryKind.HEAP, new Pools.Host());

  private List<ArenaByteBuf> allocate(int count, int bytes) {
    List<ArenaByteBuf> buffers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      buffers.add(arena.allocate(bytes, bytes));
    }
    return buffers;
  }

  /** Blocks of 8 KiB, each filled to the last byte but for the gaps in the first. */
  @Test
  void aBlockSweptInVainIsSweptAgain() {
    List<ArenaByteBuf> first = allocate(16, 512);
    for (int i = 0; i < first.size(); i++) {
      if (i % 4 != 1) {
        first.get(i).release(); // gaps of 1.5 KiB at most
      }
    }
    allocate(2 + 2, 4096); // the first finds no gap, and passes over all
    assertThat(arena.heldBlocks()).isEqualTo(3);

    allocate(3, 1024);

    assertThat(arena.heldBlocks()).isEqualTo(3);
  }

  /** Sizes that often do not fit, and one survivor in ten: the living keep their bytes. */
  @Test
  void sweepingAgainAndAgainKeepsEveryInvariant() {
    Random random = new Random(2026);
    List<ArenaByteBuf> alive = new ArrayList<>();
    for (int request = 0; request < 2_000; request++) {
      List<ArenaByteBuf> buffers = allocate(16, 4 + random.nextInt(3_000));
      buffers.forEach(buffer -> buffer.setInt(0, System.identityHashCode(buffer)));
      Collections.shuffle(buffers, random);
      alive.addAll(buffers.subList(0, 2));
      buffers.subList(2, buffers.size()).forEach(ArenaByteBuf::release);
      if (alive.size() > 300) {
        alive.remove(random.nextInt(alive.size())).release();
        alive.remove(random.nextInt(alive.size())).release();
      }
      arena.reset();
    }
    InvariantChecker.check(pool);
    assertThat(alive).allMatch(buffer -> buffer.getInt(0) == System.identityHashCode(buffer));
    long bytes = alive.stream().mapToLong(ArenaByteBuf::capacity).sum();
    assertThat(arena.heldBytes()).isLessThan(4 * bytes);
  }
}
