package dev.tidepool.allocator;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.IllegalReferenceCountException;

/** The copy of a buffer to another allocator's memory; see {@link ConnectionArena#copyOut}. */
final class CopyOut {
  private CopyOut() {}

  @SuppressWarnings("deprecation") // order(): preserves a little-endian view's order
  static ByteBuf to(ByteBufAllocator allocator, ByteBuf buffer) {
    if (!ByteBufUtil.isAccessible(buffer)) {
      throw new IllegalReferenceCountException(buffer.refCnt());
    }
    ByteBuf copy =
        buffer.isDirect()
            ? allocator.directBuffer(buffer.capacity(), buffer.maxCapacity())
            : allocator.heapBuffer(buffer.capacity(), buffer.maxCapacity());
    copy.setBytes(0, buffer, 0, buffer.capacity());
    copy.setIndex(buffer.readerIndex(), buffer.writerIndex());
    buffer.release();
    return copy.order(buffer.order());
  }
}
