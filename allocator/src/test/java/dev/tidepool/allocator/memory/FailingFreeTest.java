package dev.tidepool.allocator.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidepool.allocator.FaultyUpstream;
import dev.tidepool.allocator.memory.MemoryOptions.ChecksLevel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** If the listener of freed memory fails, what other threads released is not lost. */
class FailingFreeTest {
  private static final int BUFFERS = 20;

  private final FaultyUpstream memory = new FaultyUpstream();
  private int failures;

  private final BlockPool pool =
      Pools.owned(
          Pools.options(ChecksLevel.LIGHT, 0), new Upstream(memory, bytes -> failSometimes()));

  private void failSometimes() {
    if (failures++ % 5 == 0) {
      throw new OutOfMemoryError("no thread for the listener");
    }
  }

  @Test
  void allOthersAreFreed() throws Exception {
    Arena arena = new Arena(pool, MemoryKind.DIRECT, new Pools.Host());
    List<ArenaByteBuf> buffers = new ArrayList<>();
    for (int i = 0; i < BUFFERS; i++) {
      buffers.add(arena.allocate(1 << 20, 1 << 20));
    }
    Thread other = new Thread(() -> buffers.forEach(ArenaByteBuf::release));
    other.start();
    other.join();

    assertThatThrownBy(pool::drainRemoteReleases)
        .isInstanceOf(OutOfMemoryError.class)
        .hasMessageContaining("no thread");

    assertThat(arena.heldBlocks()).isLessThanOrEqualTo(1); // the current one
    failures = 1;
    arena.reset();
    assertThat(memory.used()).isZero();
    pool.close();
  }
}
