package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The alignment of addresses for sizes 0 to 99; the founding arena pool aligned sizes only. */
class AlignmentTest {
  @RegisterExtension private final UpstreamGuard guard = UpstreamGuard.of(Checks.OFF);

  private final EventExecutor loop = new DefaultEventExecutor();

  @AfterEach
  void endLoop() {
    TestThreads.end(loop);
  }

  static Stream<Arguments> everyAlignmentOfEveryUpstream() {
    return Stream.of(
            upstream("unpooled", () -> new UnpooledByteBufAllocator(false)),
            upstream("pooled", () -> new PooledByteBufAllocator(true)),
            upstream("adaptive", AdaptiveByteBufAllocator::new))
        .flatMap(
            upstream ->
                Stream.of(8, 16, 64, 4096).map(alignment -> Arguments.of(upstream, alignment)));
  }

  private static Named<Supplier<ByteBufAllocator>> upstream(
      String name, Supplier<ByteBufAllocator> make) {
    return Named.of(name, make);
  }

  @ParameterizedTest
  @MethodSource("everyAlignmentOfEveryUpstream")
  void addressesAreAlignedForSizes0To99(Supplier<ByteBufAllocator> upstream, int alignment) {
    ArenaByteBufAllocator allocator =
        ArenaByteBufAllocator.builder()
            .upstream(upstream.get())
            .alignment(alignment)
            .trimInterval(Duration.ZERO)
            .checks(Checks.LIGHT)
            .build();
    ConnectionArena arena = allocator.newConnectionArena(loop);

    allAligned(allocator, alignment);
    allAligned(arena, alignment);
    TestThreads.run(loop, () -> allAligned(allocator, alignment));
    TestThreads.run(
        loop,
        () -> {
          allAligned(arena, alignment);
          arena.close();
          allocator.trim();
        });

    allocator.trim();
    assertThat(allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory())
        .isZero();
  }

  private static void allAligned(ByteBufAllocator allocator, int alignment) {
    List<ByteBuf> buffers = new ArrayList<>();
    for (int size = 0; size < 100; size++) {
      ByteBuf direct = allocator.directBuffer(size, 1 << 20);
      ByteBuf heap = allocator.heapBuffer(size, 1 << 20);
      buffers.add(direct);
      buffers.add(heap);
      checkAligned(direct, alignment);
      checkAligned(heap, alignment);
    }
    for (ByteBuf buffer : buffers) {
      if (buffer.capacity() % 10 == 0) { // most move: their neighbours are in the way
        checkAligned(buffer.capacity(buffer.capacity() + 5000), alignment);
      }
    }
    ByteBuf large = allocator.directBuffer(5 << 20);
    ByteBuf largeHeap = allocator.heapBuffer(5 << 20);
    checkAligned(large, alignment);
    checkAligned(largeHeap, alignment);
    buffers.add(large);
    buffers.add(largeHeap);
    buffers.forEach(ByteBuf::release);
  }

  private static void checkAligned(ByteBuf buffer, int alignment) {
    if (buffer.hasArray()) {
      assertThat(buffer.arrayOffset() % alignment).as("%s", buffer).isZero();
      return;
    }
    if (buffer.hasMemoryAddress()) {
      assertThat(buffer.memoryAddress() % alignment).as("%s", buffer).isZero();
    }
    if (buffer.capacity() > 0) { // an empty view is at no address
      assertThat(buffer.nioBuffer(0, 1).alignmentOffset(0, alignment)).as("%s", buffer).isZero();
    }
  }
}
