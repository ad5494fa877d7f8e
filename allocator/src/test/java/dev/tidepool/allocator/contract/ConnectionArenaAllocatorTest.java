package dev.tidepool.allocator.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidepool.allocator.ArenaBudgetExceededException;
import dev.tidepool.allocator.ConnectionArena;
import dev.tidepool.allocator.memory.ArenaByteBuf;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorTest;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Netty's contract of an allocator, for a connection's arena. */
@ParameterizedClass(name = "{0}")
@MethodSource("arenas")
class ConnectionArenaAllocatorTest extends ByteBufAllocatorTest {
  private static final int BLOCK = 4 * 1024;
  private static final int MIB = 1024 * 1024;
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

  /** As Netty's own allocators decide, by their version and the JDK. */
  @Override
  protected boolean isDirectExpected(boolean preferDirect) {
    return released(new UnpooledByteBufAllocator(preferDirect).buffer(1), ByteBuf::isDirect);
  }

  @Override
  protected int defaultMaxCapacity() {
    return Integer.MAX_VALUE;
  }

  @Override
  protected int defaultMaxComponents() {
    return 16;
  }

  private static <T> T released(ByteBuf buffer, Function<ByteBuf, T> asked) {
    T answer = asked.apply(buffer);
    assertThat(buffer.release()).isTrue();
    return answer;
  }

  @Test
  void bothKindsAreArenaBuffers() {
    BufferKinds.assertGives(newAllocator(false), ArenaByteBuf.class);
  }

  @Test
  void whatIsNotSaidIsAsInNettysAllocators() {
    for (boolean preferDirect : new boolean[] {true, false}) {
      ConnectionArena allocator = newAllocator(preferDirect);
      ByteBufAllocator nettys = new PooledByteBufAllocator(preferDirect);
      assertAlike(allocator.buffer(), nettys.buffer());
      assertAlike(allocator.ioBuffer(), nettys.ioBuffer());
      assertAlike(allocator.ioBuffer(7), nettys.ioBuffer(7));
      assertAlike(allocator.directBuffer(), nettys.directBuffer());
      assertAlike(allocator.heapBuffer(), nettys.heapBuffer());
      assertAlikeComposites(allocator.compositeBuffer(), nettys.compositeBuffer());
      assertAlikeComposites(allocator.compositeBuffer(5), nettys.compositeBuffer(5));
      assertAlikeComposites(allocator.compositeHeapBuffer(), nettys.compositeHeapBuffer());
      assertAlikeComposites(allocator.compositeDirectBuffer(), nettys.compositeDirectBuffer());
    }
  }

  private static void assertAlike(ByteBuf buffer, ByteBuf nettys) {
    assertThat(buffer.capacity()).isEqualTo(nettys.capacity());
    assertThat(buffer.maxCapacity()).isEqualTo(nettys.maxCapacity());
    assertThat(released(buffer, ByteBuf::isDirect)).isEqualTo(released(nettys, ByteBuf::isDirect));
  }

  private static void assertAlikeComposites(CompositeByteBuf buffer, CompositeByteBuf nettys) {
    assertThat(buffer.maxNumComponents()).isEqualTo(nettys.maxNumComponents());
    buffer.writeByte(1); // which allocates a component of the composite's kind
    nettys.writeByte(1);
    assertAlike(buffer, nettys);
  }

  @Test
  void whatCanHoldNothingTakesNoMemory() {
    ConnectionArena allocator = newAllocator(true);
    for (ByteBuf empty :
        new ByteBuf[] {
          allocator.buffer(0, 0), allocator.directBuffer(0, 0), allocator.heapBuffer(0, 0)
        }) {
      assertThat(empty.maxCapacity()).isZero();
      assertThat(empty.alloc()).isSameAs(allocator);
    }
    assertThat(allocator.metric().chargedBytes()).isZero();
  }

  @Test
  void whatIsOutOfRangeIsRefusedByName() {
    ConnectionArena allocator = newAllocator(true);
    assertThatThrownBy(() -> allocator.directBuffer(-1, 8)).hasMessageContaining("-1");
    assertThatThrownBy(() -> allocator.heapBuffer(-1)).hasMessageContaining("-1");
    assertThatThrownBy(() -> allocator.buffer(9, 8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "initialCapacity: 9, maxCapacity: 8 (expected: 0 <= initialCapacity <= maxCapacity)");
    assertThatThrownBy(() -> allocator.ioBuffer(0, -1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aNewCapacityIsAsInNettysAllocators() {
    ConnectionArena allocator = newAllocator(true);
    ByteBufAllocator nettys = UnpooledByteBufAllocator.DEFAULT;
    int[] least = {0, 1, 64, 65, 4096, 4 << 20, (4 << 20) + 1, 100 << 20};
    for (int needed : least) {
      for (int most : new int[] {needed, needed + 1, 2 * needed + 129, Integer.MAX_VALUE}) {
        assertThat(allocator.calculateNewCapacity(needed, most))
            .isEqualTo(nettys.calculateNewCapacity(needed, most));
      }
    }
    assertThatThrownBy(() -> allocator.calculateNewCapacity(8, 7))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> allocator.calculateNewCapacity(-1, 8))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aDirectBufferHasAnAddressWhereNettysHasOne() {
    ByteBuf nettys = UnpooledByteBufAllocator.DEFAULT.directBuffer(1);
    ByteBuf buffer = newAllocator(true).directBuffer(1);
    assertThat(buffer.hasMemoryAddress()).isEqualTo(nettys.hasMemoryAddress());
    if (buffer.hasMemoryAddress()) {
      buffer.setByte(0, 7);
      nettys.setByte(0, 8);
      assertThat(buffer.memoryAddress()).isNotEqualTo(nettys.memoryAddress()).isNotZero();
    }
    released(nettys, ByteBuf::isDirect);
    released(buffer, ByteBuf::isDirect);
  }

  @Test
  void largeMemoryIsReused() {
    ConnectionArena allocator = newAllocator(false);
    Set<byte[]> arrays = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int i = 0; i < 100; i++) {
      arrays.add(released(allocator.heapBuffer(MIB, MIB), ByteBuf::array));
      reset(allocator);
    }
    assertThat(arrays).hasSizeLessThan(8); // as Netty's suite has it
  }

  // A connection is charged for what it has, in whole blocks, until a reset.

  @Test
  void aDirectBufferIsChargedUntilTheReset() {
    ConnectionArena allocator = newAllocator(true);
    assertCharged(allocator, allocator.directBuffer(1024, 4096));
  }

  @Test
  void aHeapBufferIsChargedUntilTheReset() {
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

  @Test
  void aHugeBufferIsChargedWhileItLives() {
    ConnectionArena allocator = newAllocator(true);
    assertHugeCharged(allocator, allocator.directBuffer(HUGE, HUGE));
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
