package dev.tidepool.allocator.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.memory.MemoryOptions.ChecksLevel;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How many buffers {@link LeakSampler} samples, and what a sample is. */
class LeakSamplerTest {
  private static final int MANY = 200_000;

  private final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(false);
  private final Upstream upstream = new Upstream(memory, bytes -> {});
  private final BlockPool pool = Pools.owned(Pools.options(ChecksLevel.OFF, Pools.MUCH), upstream);
  private final Arena arena = new Arena(pool, MemoryKind.DIRECT, new Pools.Host());

  @AfterEach
  void nothingIsLeft() {
    arena.reset();
    pool.trimAll();
    InvariantChecker.check(pool);
    assertThat(memory.metric().usedDirectMemory()).isZero();
  }

  /** The gaps between samples of {@code MANY} buffers, each released at once. */
  private List<Integer> gaps(LeakSampler sampler) {
    List<Integer> gaps = new ArrayList<>();
    int gap = 0;
    for (int i = 0; i < MANY; i++) {
      ArenaByteBuf buffer = arena.allocate(16, 16);
      gap++;
      if (buffer.isSampleDue()) {
        buffer = sampler.sample(buffer);
        gaps.add(gap);
        gap = 0;
      }
      buffer.release();
    }
    return gaps;
  }

  @Test
  void oneInSoManyIsSampledAndAtNoRegularInterval() {
    List<Integer> gaps = gaps(new LeakSampler(128));
    assertThat(gaps).hasSizeBetween(MANY / 128 * 3 / 4, MANY / 128 * 5 / 4); // 13 deviations
    assertThat(gaps).allMatch(gap -> 1 <= gap && gap < 2 * 128);
    assertThat(gaps.stream().distinct().count()).isGreaterThan(200);
  }

  @Test
  void anIntervalOfOneSamplesEachBuffer() {
    assertThat(gaps(new LeakSampler(1))).hasSize(MANY);
  }

  @Test
  void theBlocksHandleIsReusedAfterASample() {
    LeakSampler sampler = new LeakSampler(1);
    ArenaByteBuf first = arena.allocate(16, 16);
    ArenaByteBuf sampled = sampler.sample(first);
    assertThat(sampled).isNotSameAs(first).hasSameClassAs(first);
    sampled.release();
    ArenaByteBuf next = arena.allocate(16, 16);
    assertThat(next).isSameAs(first);
    assertThat(sampled.refCnt()).isZero();
    next.release();
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 100, 40_000})
  void aSampleGrowsWithItsBytes(int length) {
    ArenaByteBuf sampled = new LeakSampler(1).sample(arena.allocate(length, Integer.MAX_VALUE));
    ArenaByteBuf neighbour = arena.allocate(8, 8);
    sampled.setIndex(0, 8).setLong(0, length);
    sampled.capacity(2 * length);
    assertThat(sampled.capacity()).isEqualTo(2 * length);
    assertThat(sampled.readLong()).isEqualTo(length);
    assertThat(sampled.release()).isTrue();
    neighbour.release();
  }

  private void forget(LeakSampler sampler, int length) {
    sampler.sample(arena.allocate(length, length));
  }

  private static List<ArenaByteBuf> found(LeakSampler sampler, int expected) {
    List<ArenaByteBuf> found = new ArrayList<>();
    for (int attempt = 0; attempt < 500 && found.size() < expected; attempt++) {
      System.gc();
      sampler.forEachForgotten(found::add);
    }
    return found;
  }

  @Test
  void eachForgottenBufferIsFoundOnceAndStaysAlive() {
    LeakSampler sampler = new LeakSampler(1);
    for (int length = 1; length <= 10; length++) {
      forget(sampler, length);
    }
    List<ArenaByteBuf> found = found(sampler, 10);
    assertThat(found)
        .extracting(ArenaByteBuf::capacity)
        .containsExactlyInAnyOrder(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    assertThat(found).allMatch(buffer -> buffer.refCnt() == 1);
    found.forEach(ArenaByteBuf::release);
    assertThat(found(sampler, 0)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(ChecksLevel.class)
  void onlyTheForgottenOneIsFound(ChecksLevel checks) {
    BlockPool other = Pools.owned(Pools.options(checks, Pools.MUCH), upstream);
    Arena there = new Arena(other, MemoryKind.DIRECT, new Pools.Host());
    LeakSampler sampler = new LeakSampler(1);
    for (int i = 0; i < 1000; i++) {
      assertThat(sampler.sample(there.allocate(16, 16)).release()).isTrue();
    }
    ArenaByteBuf kept = sampler.sample(there.allocate(16, 16));
    sampler.sample(there.allocate(17, 17));
    List<ArenaByteBuf> found = found(sampler, 1);
    assertThat(found).extracting(ArenaByteBuf::capacity).containsExactly(17);
    found.forEach(ArenaByteBuf::release);
    kept.release();
    there.reset();
    other.trimAll();
  }
}
