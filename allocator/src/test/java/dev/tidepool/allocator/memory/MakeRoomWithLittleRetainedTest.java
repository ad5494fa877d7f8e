package dev.tidepool.allocator.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.FaultyUpstream;
import dev.tidepool.allocator.memory.MemoryOptions.ChecksLevel;
import io.netty.buffer.ByteBuf;
import org.junit.jupiter.api.Test;

/** A block given back may send another one upstream: the walk over all blocks goes on. */
class MakeRoomWithLittleRetainedTest {
  private final FaultyUpstream memory = new FaultyUpstream();
  private final BlockPool pool =
      Pools.owned(Pools.options(ChecksLevel.LIGHT, Pools.SMALLEST), new Upstream(memory));
  private final Pools.Host host = new Pools.Host();

  private Arena arena() {
    return new Arena(pool, MemoryKind.DIRECT, host);
  }

  @Test
  void everyBlockIsVisitedThoughTheColdestGoes() {
    Arena lives = arena();
    Arena empty = arena();
    Arena idle = arena();
    Arena newest = arena();
    ByteBuf alive = lives.allocate(100, 100);
    ByteBuf ofEmpty = empty.allocate(100, 100);
    ByteBuf ofIdle = idle.allocate(100, 100);
    newest.allocate(100, 100).release();
    ofEmpty.release();
    ofIdle.release();
    idle.reset(); // the coldest, and next to the newest in the list of all blocks

    pool.makeRoom();

    assertThat(empty.heldBlocks()).isZero();
    alive.release();
    assertThat(lives.heldBlocks()).as("given back at once").isZero();
    pool.close();
    assertThat(memory.used()).isZero();
  }
}
