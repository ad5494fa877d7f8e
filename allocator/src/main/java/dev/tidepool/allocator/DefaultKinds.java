package dev.tidepool.allocator;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * The kind of memory, direct or heap, of a buffer whose caller names none. Netty decides it, by
 * rules of its version, so this asks one of Netty's allocators, once.
 */
final class DefaultKinds {
  final boolean buffersAreDirect;
  final boolean ioBuffersAreDirect;

  private DefaultKinds(AbstractByteBufAllocator asked) {
    buffersAreDirect = asked.buffer(1).isDirect();
    ioBuffersAreDirect = asked.ioBuffer(1).isDirect();
  }

  static DefaultKinds of(boolean preferDirect) {
    return new DefaultKinds(new Asked(preferDirect));
  }

  /** An allocator of two buffers that tell which kind was asked for, and need no release. */
  private static final class Asked extends AbstractByteBufAllocator {
    private static final ByteBuf DIRECT = Unpooled.EMPTY_BUFFER;
    private static final ByteBuf HEAP = Unpooled.wrappedBuffer(new byte[1]);

    Asked(boolean preferDirect) {
      super(preferDirect);
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
      return DIRECT;
    }

    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
      return HEAP;
    }

    @Override
    public boolean isDirectBufferPooled() {
      return true;
    }
  }
}
