package dev.tidepool.allocator.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.memory.MemoryOptions.ChecksLevel;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.Test;

/**
 * A buffer whose pool a lock guards asks for memory elsewhere without holding that lock. Memory
 * elsewhere may take another pool's lock, and two threads could wait for each other.
 */
class GrowthWithoutTwoLocksTest {
  private final BlockPool first = newPool();
  private final BlockPool second = newPool();
  private final Arena elsewhere = new Arena(second, MemoryKind.HEAP, new Host());
  private final Arena arena = new Arena(first, MemoryKind.HEAP, new Host());
  private final ArenaByteBuf buffer = allocate(arena, 16, Integer.MAX_VALUE);

  private static BlockPool newPool() {
    MemoryOptions options =
        new MemoryOptions(new SizeClasses(1024, 4096), 16, 0, false, ChecksLevel.FULL);
    UnpooledByteBufAllocator upstream = new UnpooledByteBufAllocator(false);
    return new BlockPool(options, new Upstream(upstream), pool -> {}, null);
  }

  private static ArenaByteBuf allocate(Arena arena, int length, int maxCapacity) {
    arena.pool().ownership().lock().lock();
    try {
      return arena.allocateOwned(length, maxCapacity);
    } finally {
      arena.pool().ownership().lock().unlock();
    }
  }

  @Test
  void growsInAClosedArena() {
    first.ownership().locked(arena::close);
    growAndRelease();
  }

  @Test
  void growsInAClosedPool() {
    first.close();
    growAndRelease();
  }

  private void growAndRelease() {
    buffer.writeZero(2000);
    buffer.release();
    first.ownership().locked(first::trimAll);
    second.ownership().locked(second::trimAll);
    assertThat(first.leasedBytes() + second.pooledBytes()).isZero();
  }

  private final class Host implements ArenaHost {
    @Override
    public ArenaByteBuf allocateElsewhere(Arena arena, int length) {
      assertThat(first.ownership().lock().isHeldByCurrentThread()).isFalse();
      return allocate(elsewhere, length, length);
    }

    @Override
    public ArenaBudget budget() {
      return ArenaBudget.NONE;
    }

    @Override
    public ByteBufAllocator allocator() {
      return UnpooledByteBufAllocator.DEFAULT;
    }
  }
}
