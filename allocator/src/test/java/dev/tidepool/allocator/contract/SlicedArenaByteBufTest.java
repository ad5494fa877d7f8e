package dev.tidepool.allocator.contract;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.SlicedByteBufTest;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Netty's contract of a slice, for slices of arena buffers. */
@ParameterizedClass(name = "{0}")
@MethodSource("arenas")
class SlicedArenaByteBufTest extends SlicedByteBufTest {
  @RegisterExtension final ArenaFixture arena;

  SlicedArenaByteBufTest(ArenaFixture arena) {
    this.arena = arena;
  }

  static Stream<ArenaFixture> arenas() {
    return Variant.of(Variant.From.SHARED, Variant.From.CONNECTION).map(ArenaFixture::new);
  }

  /** Netty's suite passes an unpooled buffer to slice; an arena buffer takes its place. */
  @Override
  protected ByteBuf newSlice(ByteBuf unpooled, int offset, int length) {
    ByteBuf whole = arena.allocate(unpooled.capacity(), unpooled.maxCapacity());
    unpooled.release();
    return whole.slice(offset, length);
  }

  // Netty's tests expect these to fail while writing, and leave a buffer to the garbage collector.
  // Otherwise unchanged.

  @Override
  @Test
  public void testInternalNioBuffer() {
    arena.expectForgottenBuffers();
    super.testInternalNioBuffer();
  }

  @Override
  @Test
  public void testDuplicateReadGatheringByteChannelMultipleThreads() {
    arena.expectForgottenBuffers();
    super.testDuplicateReadGatheringByteChannelMultipleThreads();
  }

  @Override
  @Test
  public void testSliceReadGatheringByteChannelMultipleThreads() {
    arena.expectForgottenBuffers();
    super.testSliceReadGatheringByteChannelMultipleThreads();
  }

  @Override
  @Test
  public void testDuplicateReadOutputStreamMultipleThreads() {
    arena.expectForgottenBuffers();
    super.testDuplicateReadOutputStreamMultipleThreads();
  }

  @Override
  @Test
  public void testSliceReadOutputStreamMultipleThreads() {
    arena.expectForgottenBuffers();
    super.testSliceReadOutputStreamMultipleThreads();
  }

  @Override
  @Test
  public void testDuplicateBytesInArrayMultipleThreads() {
    arena.expectForgottenBuffers();
    super.testDuplicateBytesInArrayMultipleThreads();
  }

  @Override
  @Test
  public void testSliceBytesInArrayMultipleThreads() {
    arena.expectForgottenBuffers();
    super.testSliceBytesInArrayMultipleThreads();
  }

  @Override
  @Test
  public void testNioBufferExposeOnlyRegion() {
    arena.expectForgottenBuffers();
    super.testNioBufferExposeOnlyRegion();
  }

  @Override
  @Test
  public void testGetReadOnlyDirectDst() {
    arena.expectForgottenBuffers();
    super.testGetReadOnlyDirectDst();
  }

  @Override
  @Test
  public void testGetReadOnlyHeapDst() {
    arena.expectForgottenBuffers();
    super.testGetReadOnlyHeapDst();
  }
}
