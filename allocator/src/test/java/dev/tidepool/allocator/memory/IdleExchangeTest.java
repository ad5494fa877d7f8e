package dev.tidepool.allocator.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.FaultyUpstream;
import dev.tidepool.allocator.memory.MemoryOptions.ChecksLevel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A pool that has idle blocks of other classes gives them in exchange for new ones. */
class IdleExchangeTest {
  private static final int SMALL = 64 * 1024;
  private static final int LARGE = 256 * 1024;
  private static final int KEPT = 4 << 20;

  private final FaultyUpstream memory = new FaultyUpstream();
  private final BlockPool pool =
      Pools.owned(Pools.options(ChecksLevel.LIGHT, Pools.MUCH), new Upstream(memory));

  private final Arena arena = new Arena(pool, MemoryKind.DIRECT, new Pools.Host());

  @AfterEach
  void everythingGoesBack() {
    InvariantChecker.check(pool);
    pool.close();
    assertThat(memory.used()).isZero();
  }

  private List<ArenaByteBuf> allocate(int bytes, int count) {
    List<ArenaByteBuf> buffers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      buffers.add(arena.allocate(bytes, bytes));
    }
    return buffers;
  }

  private void release(List<ArenaByteBuf> buffers) {
    buffers.forEach(ArenaByteBuf::release);
    arena.reset();
  }

  @Test
  void whatGrowsHoldsWhatItNeedsAndTheIdleBytesThatAreKept() {
    release(allocate(SMALL, 320));
    assertThat(pool.pooledBytes()).isEqualTo(20 << 20);
    List<ArenaByteBuf> large = allocate(LARGE, 80);
    assertThat(pool.pooledBytes()).isEqualTo(KEPT);
    assertThat(memory.used()).isLessThan((20 << 20) + KEPT + SMALL * 100L);
    release(large);
  }

  @Test
  void noMoreGoesThanIsNewlyTaken() {
    release(allocate(SMALL, 320));
    List<ArenaByteBuf> large = allocate(LARGE, 4);
    assertThat(pool.pooledBytes()).isEqualTo((20 << 20) - 4 * LARGE);
    release(large);
  }

  @Test
  void theColdestGoFirst() {
    release(allocate(2 * SMALL, 16));
    release(allocate(SMALL, 128)); // warmer, 8 MiB
    release(allocate(LARGE, 8));
    assertThat(pool.idle.count(MemoryKind.DIRECT, pool.options.sizes().classFor(2 * SMALL)))
        .isZero();
    assertThat(pool.idle.count(MemoryKind.DIRECT, pool.options.sizes().classFor(SMALL)))
        .isEqualTo(128);
  }

  @Test
  void aFewIdleBytesStayWhateverIsTaken() {
    release(allocate(SMALL, KEPT / SMALL));
    release(allocate(LARGE, 100));
    assertThat(pool.idle.count(MemoryKind.DIRECT, pool.options.sizes().classFor(SMALL)))
        .isEqualTo(KEPT / SMALL);
  }

  @Test
  void anEighthOfWhatIsLeasedStays() {
    List<ArenaByteBuf> held = allocate(LARGE, 256); // 64 MiB
    release(allocate(SMALL, 256)); // 16 MiB
    held.addAll(allocate(2 * SMALL, 200)); // 25 MiB, new
    assertThat(pool.pooledBytes()).isGreaterThanOrEqualTo(8 << 20);
    release(held);
  }
}
