package dev.tidepool.allocator.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.allocator.memory.ArenaByteBuf;
import io.netty.buffer.AbstractByteBufAllocatorTest;
import io.netty.buffer.ByteBuf;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Netty's contract of an allocator, for the shared allocator. */
@ParameterizedClass(name = "{0}")
@MethodSource("arenas")
class ArenaByteBufAllocatorTest extends AbstractByteBufAllocatorTest<ArenaByteBufAllocator> {
  /** The smallest block: the least that a living buffer holds, and what stays until a trim. */
  private static final int BLOCK = 4 * 1024;

  private static final int HUGE = 32 * 1024 * 1024;

  @RegisterExtension final ArenaFixture arena;

  ArenaByteBufAllocatorTest(ArenaFixture arena) {
    this.arena = arena;
  }

  static Stream<ArenaFixture> arenas() {
    return Variant.ofAllocator(Variant.From.SHARED).map(ArenaFixture::new);
  }

  @Override
  protected ArenaByteBufAllocator newAllocator(boolean preferDirect) {
    return arena.newAllocator(preferDirect);
  }

  @Override
  protected ArenaByteBufAllocator newUnpooledAllocator() {
    return newAllocator(false);
  }

  @Override
  protected long expectedUsedMemory(ArenaByteBufAllocator allocator, int capacity) {
    return arena.withRedZones(BLOCK);
  }

  @Override
  protected long expectedUsedMemoryAfterRelease(ArenaByteBufAllocator allocator, int capacity) {
    return arena.withRedZones(BLOCK);
  }

  @Override
  @Test
  public void testUsedDirectMemoryHuge() {
    ArenaByteBufAllocator allocator = newAllocator(true);
    ByteBuf buffer = allocator.directBuffer(HUGE, HUGE);
    assertThat(allocator.metric().usedDirectMemory()).isEqualTo(arena.withRedZones(HUGE));
    buffer.release();
  }

  @Override
  @Test
  public void testUsedHeapMemoryHuge() {
    ArenaByteBufAllocator allocator = newAllocator(true);
    ByteBuf buffer = allocator.heapBuffer(HUGE, HUGE);
    assertThat(allocator.metric().usedHeapMemory()).isEqualTo(arena.withRedZones(HUGE));
    buffer.release();
  }

  @Override
  protected void trimCaches(ArenaByteBufAllocator allocator) {
    allocator.trim();
  }

  /** Netty's test names the classes of its unpooled buffers; here both kinds are arena buffers. */
  @Override
  @Test
  public void testUnsafeHeapBufferAndUnsafeDirectBuffer() {
    ArenaByteBufAllocator allocator = newUnpooledAllocator();
    BufferKinds.assertGives(allocator, ArenaByteBuf.class);
  }
}
