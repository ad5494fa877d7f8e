package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Impossible sizes: the error states the value, and nothing has changed. */
class SizesTest {
  private static final int LIMIT = 64 << 20;

  /** A size of {@code LIMIT + 1}, and as much again for the red zone of {@code checks=full}. */
  private static final String ALIGNED_AND_STRETCHED = "134217760 bytes";

  private final FaultyUpstream upstream = new FaultyUpstream().limit(LIMIT);

  @RegisterExtension
  private final UpstreamGuard guard =
      UpstreamGuard.of(
          ArenaByteBufAllocator.builder()
              .trimInterval(Duration.ZERO)
              .checks(Checks.FULL)
              .upstream(upstream)
              .build());

  private final ArenaByteBufAllocator allocator = guard.allocator();
  private final EventExecutor loop = new DefaultEventExecutor();

  @AfterEach
  void endLoop() {
    TestThreads.end(loop);
  }

  private void onLoopAndElsewhere(TestThreads.Task task) throws Exception {
    task.run();
    TestThreads.run(loop, task);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, Integer.MIN_VALUE})
  void aNegativeSizesErrorStatesIt(int size) throws Exception {
    onLoopAndElsewhere(
        () -> {
          assertThatThrownBy(() -> allocator.directBuffer(size))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining(String.valueOf(size))
              .hasMessageContaining("expected");
          assertThatThrownBy(() -> allocator.heapBuffer(size))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining(String.valueOf(size))
              .hasMessageContaining("expected");
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {11, Integer.MAX_VALUE})
  void aSizeAboveTheMaximumIsStatedInTheError(int size) throws Exception {
    onLoopAndElsewhere(
        () ->
            assertThatThrownBy(() -> allocator.directBuffer(size, 10))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(String.valueOf(size))
                .hasMessageContaining("expected"));
  }

  static Stream<Integer> sizesThatUpstreamHasNot() {
    return Stream.of(LIMIT + 1, Integer.MAX_VALUE, Integer.MAX_VALUE - 15, Integer.MAX_VALUE - 47);
  }

  @ParameterizedTest
  @MethodSource("sizesThatUpstreamHasNot")
  void aSizeBeyondTheLimitIsAnErrorThatStatesTheLimit(int size) throws Exception {
    ConnectionArena arena = allocator.newConnectionArena(loop);
    onLoopAndElsewhere(
        () -> {
          outOfMemory(allocator, size);
          outOfMemory(arena, size);
        });
    assertThat(arena.metric().chargedBytes()).isZero();
    arena.close();
  }

  private static void outOfMemory(ByteBufAllocator allocator, int size) {
    assertThatThrownBy(() -> allocator.directBuffer(size))
        .isInstanceOf(OutOfMemoryError.class)
        .hasMessageContaining("asked for")
        .hasMessageContaining(size == LIMIT + 1 ? ALIGNED_AND_STRETCHED : size + " bytes");
    assertThatThrownBy(() -> allocator.heapBuffer(size)).isInstanceOf(OutOfMemoryError.class);
  }

  @ParameterizedTest
  @MethodSource("sizesThatUpstreamHasNot")
  void growthBeyondTheLimitLeavesTheBufferUnchanged(int size) throws Exception {
    ConnectionArena arena = allocator.newConnectionArena(loop);
    onLoopAndElsewhere(
        () -> {
          for (ByteBuf buffer :
              new ByteBuf[] {
                allocator.directBuffer(100), allocator.heapBuffer(100),
                arena.directBuffer(100), arena.heapBuffer(100)
              }) {
            Patterns.fill(buffer, 1);
            assertThatThrownBy(() -> buffer.capacity(size)).isInstanceOf(OutOfMemoryError.class);
            assertThatThrownBy(() -> buffer.ensureWritable(size - 100))
                .isInstanceOf(OutOfMemoryError.class);
            guardedContents(buffer);
          }
        });
    arena.close();
  }

  private static void guardedContents(ByteBuf buffer) {
    assertThat(buffer.capacity()).isEqualTo(100);
    Patterns.check(buffer, 1);
    Patterns.check(buffer.capacity(200), 1, 100);
    buffer.release();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 101})
  void aBadNewCapacityIsStatedInTheError(int capacity) throws Exception {
    onLoopAndElsewhere(
        () -> {
          ByteBuf buffer = allocator.directBuffer(10, 100);
          assertThatThrownBy(() -> buffer.capacity(capacity))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining(String.valueOf(capacity))
              .hasMessageContaining("expected");
          assertThat(buffer.capacity()).isEqualTo(10);
          buffer.release();
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
  void aBadReferenceCountIsStatedInTheError(int count) throws Exception {
    onLoopAndElsewhere(
        () -> {
          ByteBuf buffer = allocator.directBuffer(10);
          assertThatThrownBy(() -> buffer.retain(count))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessage("increment: " + count + " (expected: > 0)");
          assertThatThrownBy(() -> buffer.release(count))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessage("decrement: " + count + " (expected: > 0)");
          assertThat(buffer.refCnt()).isEqualTo(1);
          buffer.release();
        });
  }
}
