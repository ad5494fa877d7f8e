package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Snapshots of pools. */
class PoolSnapshotTest {
  @RegisterExtension static final OnEventLoop loop = new OnEventLoop();
  @RegisterExtension private final UpstreamGuard guard = UpstreamGuard.of(Checks.OFF);

  private final ArenaByteBufAllocator shared = guard.allocator();

  private PoolSnapshot ofLoop() {
    return shared.poolSnapshots().stream().filter(each -> !each.lane()).findFirst().orElseThrow();
  }

  @Test
  void tellsIdleBlocksBySizeClassAndKind() {
    List<ByteBuf> alive = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      alive.add(shared.directBuffer(262_144)); // each in a block of its own
    }
    alive.add(shared.heapBuffer(524_288));
    assertThat(ofLoop().leasedBytes()).isEqualTo(3 * 262_144 + 524_288);
    assertThat(ofLoop().idle()).isEmpty();
    alive.forEach(ByteBuf::release);
    assertThat(ofLoop().idle())
        .containsExactly(
            new PoolSnapshot.IdleClass(262_144, true, 3),
            new PoolSnapshot.IdleClass(524_288, false, 1));
    assertThat(ofLoop().idleBytes()).isEqualTo(3 * 262_144 + 524_288);
    assertThat(ofLoop().leasedBytes()).isZero();
  }

  @Test
  void tellsWhatTrimsGaveBack() {
    shared.directBuffer(262_144).release();
    assertThat(ofLoop().trimmedBytes()).isZero();
    shared.trim();
    assertThat(ofLoop().trimmedBytes()).isEqualTo(262_144);
    assertThat(ofLoop().idleBytes()).isZero();
    shared.directBuffer(262_144).release();
    shared.trim();
    assertThat(ofLoop().trimmedBytes()).isEqualTo(2 * 262_144);
    assertThat(shared.metric().trimmedMemory()).isEqualTo(2 * 262_144);
  }

  @Test
  void namesEachLoopByItsThreadAndEachLaneByItsNumber() throws InterruptedException {
    shared.directBuffer(1).release();
    Thread other = new Thread(() -> shared.directBuffer(1).release());
    other.start();
    other.join();
    List<PoolSnapshot> pools = shared.poolSnapshots();
    assertThat(pools.get(0).name()).isEqualTo(Thread.currentThread().getName());
    assertThat(pools).filteredOn(PoolSnapshot::lane).hasSize(shared.pools().lanes().count());
    assertThat(pools.get(1).name()).isEqualTo("lane 0");
    assertThat(pools.get(1).lane()).isTrue();
  }
}
