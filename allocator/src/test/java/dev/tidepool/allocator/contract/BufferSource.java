package dev.tidepool.allocator.contract;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.junit.jupiter.api.extension.Extension;

/** A source of buffers for a contract suite. */
interface BufferSource extends Extension {
  /** A buffer of this source's kind of memory. */
  ByteBuf allocate(int length, int maxCapacity);

  /** The allocator behind the latest buffer. */
  ByteBufAllocator allocator();

  /** Whether {@link #allocate} gives direct memory. */
  boolean isDirect();
}
