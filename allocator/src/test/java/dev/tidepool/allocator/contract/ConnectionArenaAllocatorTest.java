package dev.tidepool.allocator.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidepool.allocator.ArenaBudgetExceededException;
import dev.tidepool.allocator.ConnectionArena;
import dev.tidepool.allocator.memory.ArenaByteBuf;
import io.netty.buffer.AbstractByteBufAllocatorTest;
import io.netty.buffer.ByteBuf;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Netty's contract of an allocator, for a connection's arena. */
@ParameterizedClass(name = "{0}")
@MethodSource("arenas")
class ConnectionArenaAllocatorTest extends AbstractByteBufAllocatorTest<ConnectionArena> {
  private static final int BLOCK = 4 * 1024;
  private static final int HUGE = 32 * 1024 * 1024;

  @RegisterExtension final ArenaFixture arena;

  ConnectionArenaAllocatorTest(ArenaFixture arena) {
    this.arena = arena;
  }

  static Stream<ArenaFixture> arenas() {
    return Variant.ofAllocator(Variant.From.CONNECTION).map(ArenaFixture::new);
  }

  @Override
  protected ConnectionArena newAllocator(boolean preferDirect) {
    return arena.newConnectionArena(preferDirect);
  }

  @Override
  protected ConnectionArena newUnpooledAllocator() {
    return newAllocator(false);
  }

  /** Netty's test names the classes of its unpooled buffers; here both kinds are arena buffers. */
  @Override
  @Test
  public void testUnsafeHeapBufferAndUnsafeDirectBuffer() {
    BufferKinds.assertGives(newUnpooledAllocator(), ArenaByteBuf.class);
  }

  // An arena is no ByteBufAllocatorMetricProvider: upstream and the shared allocator count memory.
  // A connection is charged for what it has, in whole blocks, until a reset.

  @Override
  @Test
  public void testUsedDirectMemory() {
    ConnectionArena allocator = newAllocator(true);
    assertCharged(allocator, allocator.directBuffer(1024, 4096));
  }

  @Override
  @Test
  public void testUsedHeapMemory() {
    ConnectionArena allocator = newAllocator(true);
    assertCharged(allocator, allocator.heapBuffer(1024, 4096));
  }

  private void assertCharged(ConnectionArena allocator, ByteBuf buffer) {
    assertThat(allocator.metric().chargedBytes()).isEqualTo(BLOCK);
    buffer.capacity(2 * buffer.capacity());
    assertThat(allocator.metric().chargedBytes()).isEqualTo(BLOCK);
    reset(allocator);
    assertThat(allocator.metric().chargedBytes()).as("while alive").isEqualTo(BLOCK);
    buffer.release();
    reset(allocator);
    assertThat(allocator.metric().chargedBytes()).isZero();
  }

  @Override
  @Test
  public void testUsedDirectMemoryHuge() {
    ConnectionArena allocator = newAllocator(true);
    assertHugeCharged(allocator, allocator.directBuffer(HUGE, HUGE));
  }

  @Override
  @Test
  public void testUsedHeapMemoryHuge() {
    ConnectionArena allocator = newAllocator(true);
    assertHugeCharged(allocator, allocator.heapBuffer(HUGE, HUGE));
  }

  private void assertHugeCharged(ConnectionArena allocator, ByteBuf buffer) {
    assertThat(allocator.metric().chargedBytes()).isEqualTo(HUGE);
    buffer.release();
    reset(allocator);
    assertThat(allocator.metric().chargedBytes()).isZero();
  }

  @Test
  void theBudgetIsWholeAfterEveryRequest() {
    ConnectionArena allocator = arena.newConnectionArena(10 * BLOCK);
    for (int request = 0; request < 20; request++) {
      allocator.directBuffer(5 * BLOCK).release(); // the block for it has the size of 8
      reset(allocator);
      assertThat(allocator.metric().chargedBytes()).isZero();
    }
  }

  @Test
  void aRefusedBlockIsNotCharged() {
    ConnectionArena allocator = arena.newConnectionArena(10 * BLOCK);
    ByteBuf buffer = allocator.directBuffer(100);
    for (int i = 0; i < 20; i++) {
      assertThatThrownBy(() -> allocator.heapBuffer(9 * BLOCK))
          .isInstanceOf(ArenaBudgetExceededException.class);
      assertThatThrownBy(() -> buffer.capacity(9 * BLOCK))
          .isInstanceOf(ArenaBudgetExceededException.class);
    }
    assertThat(buffer.capacity()).isEqualTo(100);
    assertThat(allocator.metric().chargedBytes()).isEqualTo(BLOCK);
    assertThat(buffer.capacity(5 * BLOCK).release()).isTrue();
  }

  private void reset(ConnectionArena allocator) {
    arena.onLoop(
        () -> {
          allocator.reset();
          return null;
        });
  }
}
