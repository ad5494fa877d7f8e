package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;
import io.netty.buffer.UnpooledHeapByteBuf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Buffers as large as an int can express, backed by a sparse file. */
class LargestBufferTest {
  /** The largest size that Netty's pooled allocator gives and an array may have. */
  private static final int LARGEST = Integer.MAX_VALUE - 8;

  @RegisterExtension static final OnEventLoop loop = new OnEventLoop();

  @TempDir private Path directory;
  private HollowUpstream upstream;

  /** An upstream of a mapped sparse file, and of arrays shorter than claimed. */
  private static final class HollowUpstream extends AbstractByteBufAllocator {
    private static final int PAGE = 4096;

    private final Path file;
    private int shift;
    private long used;

    HollowUpstream(Path file) {
      this.file = file;
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
      used += initialCapacity;
      ByteBuffer memory = mapped(initialCapacity);
      return new UnpooledDirectByteBuf(this, memory, maxCapacity) {
        @Override
        protected void deallocate() {
          used -= initialCapacity; // the garbage collector unmaps
        }
      };
    }

    private ByteBuffer mapped(int bytes) {
      int from = Math.min(shift, Integer.MAX_VALUE - bytes);
      try (FileChannel channel =
          FileChannel.open(
              file,
              StandardOpenOption.CREATE,
              StandardOpenOption.SPARSE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE)) {
        return channel
            .map(FileChannel.MapMode.READ_WRITE, 0, (long) bytes + from)
            .position(from)
            .slice();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
      used += initialCapacity;
      byte[] some = new byte[Math.min(initialCapacity, PAGE)];
      return new UnpooledHeapByteBuf(this, some, maxCapacity) {
        @Override
        public int capacity() {
          return initialCapacity;
        }

        @Override
        protected void deallocate() {
          used -= initialCapacity;
        }
      };
    }

    @Override
    public boolean isDirectBufferPooled() {
      return false;
    }
  }

  @BeforeEach
  void hollowOut() {
    upstream = new HollowUpstream(directory.resolve("hollow"));
  }

  private ArenaByteBufAllocator allocator(int alignment, Checks checks) {
    return ArenaByteBufAllocator.builder()
        .trimInterval(Duration.ZERO)
        .upstream(upstream)
        .alignment(alignment)
        .checks(checks)
        .build();
  }

  private void inBoth(ArenaByteBufAllocator shared, Consumer<ByteBufAllocator> test) {
    ConnectionArena arena = shared.newConnectionArena(loop.loop());
    test.accept(shared);
    test.accept(arena);
    arena.reset();
    assertThat(arena.metric().chargedBytes()).isZero();
    arena.close();
    shared.trim();
    assertThat(upstream.used).isZero();
    assertThat(shared.metric().usedDirectMemory()).isZero();
    assertThat(shared.metric().usedHeapMemory()).isZero();
  }

  private static ByteBuf buffer(ByteBufAllocator allocator, boolean direct, int capacity) {
    try {
      return direct ? allocator.directBuffer(capacity) : allocator.heapBuffer(capacity);
    } catch (OutOfMemoryError e) {
      throw new AssertionError("should have found memory", e); // JUnit aborts on the error itself
    }
  }

  private static void grow(ByteBuf buffer, int capacity) {
    try {
      buffer.capacity(capacity);
    } catch (OutOfMemoryError e) {
      throw new AssertionError("should have found memory", e);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "8, 2147483639", "8, 2147483618", "8, 2147483617", "8, 2147483632", "8, 2147483633",
    "16, 2147483639", "16, 2147483618", "16, 2147483632", "16, 2147483616", "16, 2147483647",
    "64, 2147483584", "64, 2147483583", "64, 2147483639", "4096, 2147479552", "4096, 2147483639"
  })
  void theLargestBuffersAreAllocated(int alignment, int capacity) {
    inBoth(
        allocator(alignment, Checks.OFF),
        allocator -> {
          ByteBuf direct = buffer(allocator, true, capacity);
          assertThat(direct.capacity()).isEqualTo(capacity);
          direct.setByte(0, 1).setByte(capacity - 1, 2);
          assertThat(direct.getByte(capacity - 1)).isEqualTo((byte) 2);
          direct.capacity(capacity - 1).capacity(capacity - 20).capacity(capacity - 10);
          assertThat(direct.getByte(0)).isEqualTo((byte) 1);
          assertThat(direct.release()).isTrue();
          ByteBuf heap = buffer(allocator, false, capacity);
          assertThat(heap.capacity()).isEqualTo(capacity);
          assertThat(heap.setByte(0, 1).getByte(0)).isEqualTo((byte) 1);
          assertThat(heap.release()).isTrue();
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 16, 64, 4096})
  void buffersGrowToTheLargestSize(int alignment) {
    inBoth(
        allocator(alignment, Checks.OFF),
        allocator -> {
          for (boolean direct : new boolean[] {true, false}) {
            ByteBuf buffer = buffer(allocator, direct, 100).writeLong(42);
            grow(buffer, LARGEST);
            assertThat(buffer.capacity()).isEqualTo(LARGEST);
            assertThat(buffer.readLong()).isEqualTo(42);
            buffer.release();
          }
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {32, 64, 4096})
  void withoutRoomToAlignTheErrorStatesTheLimit(int alignment) {
    upstream.shift = 16;
    inBoth(
        allocator(alignment, Checks.OFF),
        allocator -> {
          assertThatThrownBy(() -> allocator.directBuffer(Integer.MAX_VALUE - alignment + 2))
              .isInstanceOf(OutOfMemoryError.class)
              .hasMessageContaining("asked for " + (Integer.MAX_VALUE - alignment + 2) + " bytes")
              .hasMessageContaining("at most " + (Integer.MAX_VALUE - alignment + 1))
              .hasMessageContaining("with alignment " + alignment);
          int most = Integer.MAX_VALUE - 2 * alignment + 1;
          ByteBuf buffer = buffer(allocator, true, most);
          assertThat(buffer.capacity()).isEqualTo(most);
          buffer.release();
        });
  }

  @Test
  void withFullChecksTheErrorStatesTheLimit() {
    inBoth(
        allocator(16, Checks.FULL),
        allocator -> {
          for (int capacity : new int[] {LARGEST, Integer.MAX_VALUE, 1 << 30}) {
            assertThatThrownBy(() -> allocator.directBuffer(capacity))
                .isInstanceOf(OutOfMemoryError.class)
                .hasMessageContaining("asked for " + capacity + " bytes")
                .hasMessageContaining("at most 1073741823 with checks=full");
            assertThatThrownBy(() -> allocator.heapBuffer(capacity))
                .isInstanceOf(OutOfMemoryError.class);
          }
        });
  }
}
