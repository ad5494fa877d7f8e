package dev.tidepool.allocator.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidepool.allocator.FaultyUpstream;
import dev.tidepool.allocator.memory.MemoryOptions.ChecksLevel;
import org.junit.jupiter.api.Test;

/** If a budget fails while a block is given back, the block is not lost. */
class FailingUnchargeTest {
  private final FaultyUpstream memory = new FaultyUpstream();
  private final BlockPool pool =
      Pools.owned(Pools.options(ChecksLevel.LIGHT, 0), new Upstream(memory));

  private boolean fails = true;

  private final Pools.Host host =
      new Pools.Host() {
        @Override
        public void uncharge(Arena arena, int bytes) {
          super.uncharge(arena, bytes);
          if (fails) {
            throw new IllegalStateException("no thread to wake");
          }
        }
      };

  @Test
  void aFullBlockGoesBackUpstream() {
    Arena arena = new Arena(pool, MemoryKind.DIRECT, host);
    ArenaByteBuf buffer = arena.allocate(500_000, 500_000);
    assertThatThrownBy(buffer::release).hasMessage("no thread to wake");
    assertUnused(arena);
  }

  @Test
  void aCurrentBlockGoesBackOnce() {
    Arena arena = new Arena(pool, MemoryKind.DIRECT, host);
    arena.allocate(100, 100).release();
    assertThatThrownBy(arena::reset).hasMessage("no thread to wake");
    pool.makeRoom();
    assertUnused(arena);
  }

  private void assertUnused(Arena arena) {
    fails = false;
    arena.reset();
    InvariantChecker.check(pool);
    assertThat(arena.heldBlocks()).isZero();
    assertThat(host.charged()).isZero();
    assertThat(pool.leasedBytes()).isZero();
    pool.close();
    assertThat(memory.used()).isZero();
  }
}
