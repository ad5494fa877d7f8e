package dev.tidepool.allocator.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.memory.MemoryOptions.ChecksLevel;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Gaps that were too small for one buffer are there for the next. */
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

  /** Blocks of 8, 16 and 32 KiB, each filled to the last byte but for the gaps in the first. */
  @Test
  void aBlockSweptInVainIsSweptAgain() {
    List<ArenaByteBuf> first = allocate(16, 512);
    for (int i = 0; i < first.size(); i++) {
      if (i % 4 != 1) {
        first.get(i).release(); // gaps of 1.5 KiB at most
      }
    }
    allocate(5 + 10, 3072); // the sixth finds no gap, and passes over all
    allocate(2, 1024);
    assertThat(arena.heldBlocks()).isEqualTo(3);

    allocate(3, 1024);

    assertThat(arena.heldBlocks()).isEqualTo(3);
  }
}
