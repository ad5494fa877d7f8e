package dev.tidepool.allocator.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidepool.allocator.FaultyUpstream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is held of upstream is what was allocated and not returned, by kind and together. */
class UpstreamAccountTest {
  private final List<Long> directFreed = new ArrayList<>();
  private final Upstream upstream =
      new Upstream(new UnpooledByteBufAllocator(false), directFreed::add);

  private void assertHeld(long direct, long heap, long peak) {
    assertThat(upstream.heldDirect()).as("direct").isEqualTo(direct);
    assertThat(upstream.heldHeap()).as("heap").isEqualTo(heap);
    assertThat(upstream.peak()).as("peak").isEqualTo(peak);
  }

  @Test
  void bothKindsAreCountedApartAndThePeakTogether() {
    ByteBuf direct = upstream.allocate(MemoryKind.DIRECT, 1000);
    ByteBuf heap = upstream.allocate(MemoryKind.HEAP, 300);
    assertThat(direct.isDirect()).isTrue();
    assertThat(heap.hasArray()).isTrue();
    assertHeld(1000, 300, 1300);

    upstream.release(MemoryKind.DIRECT, direct);
    assertThat(direct.refCnt()).isZero();
    assertHeld(0, 300, 1300);
    ByteBuf less = upstream.allocate(MemoryKind.HEAP, 100);
    assertHeld(0, 400, 1300);
    upstream.release(MemoryKind.HEAP, heap);
    upstream.release(MemoryKind.HEAP, less);
    assertHeld(0, 0, 1300);
    assertThat(upstream.allocations()).isEqualTo(3);
  }

  @Test
  void onlyDirectMemoryThatIsFreedIsToldOf() {
    ByteBuf direct = upstream.allocate(MemoryKind.DIRECT, 1000);
    ByteBuf heap = upstream.allocate(MemoryKind.HEAP, 300);
    assertThat(directFreed).isEmpty();
    upstream.release(MemoryKind.HEAP, heap);
    assertThat(directFreed).isEmpty();
    upstream.release(MemoryKind.DIRECT, direct);
    assertThat(directFreed).containsExactly(1000L);
  }

  @Test
  void heapMemoryIsAsLongAsAskedForWhateverTheAlignment() {
    ByteBuf heap = upstream.allocateAligned(MemoryKind.HEAP, 300, 64);
    assertThat(heap.capacity()).isEqualTo(300);
    upstream.release(MemoryKind.HEAP, heap);
  }

  @Test
  void directMemoryHasRoomToStartAtAMultipleOfTheAlignment() {
    for (int alignment : new int[] {1, 8, 16, 32, 64, 4096}) {
      ByteBuf direct = upstream.allocateAligned(MemoryKind.DIRECT, 300, alignment);
      assertThat(direct.capacity() - Block.misalignment(direct, alignment))
          .as("alignment %s", alignment)
          .isGreaterThanOrEqualTo(300);
      assertThat(direct.capacity()).isLessThan(300 + alignment);
      upstream.release(MemoryKind.DIRECT, direct);
    }
    assertThat(upstream.heldDirect()).isZero();
  }

  @Test
  void whatUpstreamRefusesIsNotHeldAndSaysHowMuchWasAskedFor() {
    FaultyUpstream memory = new FaultyUpstream();
    memory.failNext(1);
    Upstream refusing = new Upstream(memory);
    assertThatThrownBy(() -> refusing.allocate(MemoryKind.HEAP, 300))
        .isInstanceOf(OutOfMemoryError.class)
        .hasMessageContaining("asked for 300 bytes")
        .hasCauseInstanceOf(OutOfMemoryError.class);
    assertThat(refusing.heldHeap()).isZero();
    assertThat(refusing.peak()).isZero();
    assertThat(refusing.allocations()).isZero();
  }
}
