package dev.tidepool.allocator.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidepool.allocator.memory.MemoryOptions.ChecksLevel;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The owner frees all that was pushed, whatever happens on the way, and knows how much waits. */
class RemoteReleasesTest {
  private static final int UNIT = 256;

  private final BlockPool pool =
      Pools.owned(
          Pools.options(ChecksLevel.OFF, Pools.MUCH),
          new Upstream(new UnpooledByteBufAllocator(false)));
  private final Arena arena = new Arena(pool, MemoryKind.HEAP, new Pools.Host());
  private final List<ArenaByteBuf> buffers = new ArrayList<>();
  private final List<ArenaByteBuf> freed = new ArrayList<>();
  private final RemoteReleases releases = new RemoteReleases();

  @AfterEach
  void releaseAll() {
    buffers.forEach(ArenaByteBuf::release);
    arena.reset();
    pool.close();
  }

  private int push(int bytes) {
    ArenaByteBuf buffer = arena.allocate(bytes, bytes);
    buffers.add(buffer);
    return releases.pushRemoteRelease(buffer);
  }

  private List<ArenaByteBuf> lastFirst() {
    List<ArenaByteBuf> order = new ArrayList<>();
    buffers.forEach(buffer -> order.add(0, buffer));
    return order;
  }

  @Test
  void allThatWasPushedIsFreedOnce() {
    assertThat(releases.isEmptyOpaque()).isTrue();
    push(1);
    push(1);
    push(1);
    assertThat(releases.isEmptyOpaque()).isFalse();
    releases.drainAtomic(freed::add);
    assertThat(freed).isEqualTo(lastFirst());
    assertThat(releases.isEmptyOpaque()).isTrue();
    assertThat(freed).allMatch(buffer -> buffer.backingOrNextReleased == null);
    releases.drainAtomic(freed::add);
    assertThat(freed).hasSize(3);
  }

  @Test
  void whatWaitsIsCountedInUnitsAndASmallBufferIsOne() {
    assertThat(push(1)).isEqualTo(1);
    assertThat(push(UNIT)).isEqualTo(2);
    assertThat(push(8 * UNIT)).isEqualTo(10);
    assertThat(push(UNIT - 16)).isEqualTo(11);
    releases.drainAtomic(freed::add);
    assertThat(push(1)).as("after a drain").isEqualTo(1);
  }

  @Test
  void aMebibyteIsMuchAndNothingIsMore() {
    assertThat(push(Pools.LARGEST)).isEqualTo(RemoteReleases.MUCH);
    assertThat(push(Pools.LARGEST)).isEqualTo(RemoteReleases.MUCH);
  }

  @Test
  void whatIsBeingDrainedIsPending() {
    assertThat(releases.isPendingAcquire()).isFalse();
    push(1);
    assertThat(releases.isPendingAcquire()).isTrue();
    releases.drainAtomic(
        buffer -> {
          assertThat(releases.isEmptyOpaque()).isTrue();
          assertThat(releases.isPendingAcquire()).isTrue();
          freed.add(buffer);
        });
    assertThat(freed).hasSize(1);
    assertThat(releases.isPendingAcquire()).isFalse();
  }

  private Consumer<ArenaByteBuf> throwing(Runnable first) {
    return buffer -> {
      freed.add(buffer);
      if (freed.size() == 1) {
        first.run();
      }
    };
  }

  @Test
  void anExceptionForOneIsThrownWhenTheOthersAreFreed() {
    push(1);
    push(1);
    RuntimeException failure = new IllegalStateException("the test's");
    Consumer<ArenaByteBuf> free =
        throwing(
            () -> {
              throw failure;
            });
    assertThatThrownBy(() -> releases.drainAtomic(free)).isSameAs(failure);
    assertThat(freed).isEqualTo(lastFirst());
    assertThat(releases.isPendingAcquire()).isFalse();
  }

  @Test
  void anErrorIsThrownBeforeAnException() {
    push(1);
    push(1);
    Error error = new AssertionError("the test's");
    Consumer<ArenaByteBuf> free =
        buffer -> {
          freed.add(buffer);
          if (freed.size() == 1) {
            throw error;
          }
          throw new IllegalStateException("the later one");
        };
    assertThatThrownBy(() -> releases.drainAtomic(free)).isSameAs(error);
    assertThat(freed).hasSize(2);
  }
}
