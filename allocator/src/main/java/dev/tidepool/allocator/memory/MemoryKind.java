package dev.tidepool.allocator.memory;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** The place of a block's bytes: outside the Java heap, or in a byte array. */
public enum MemoryKind {
  DIRECT {
    @Override
    ByteBuf allocateUpstream(ByteBufAllocator upstream, int bytes) {
      return upstream.directBuffer(bytes, bytes);
    }

    @Override
    ArenaByteBuf newHandle(Block block, int slot) {
      return block.pool.options.recordsHistories()
          ? new RecordedDirectArenaByteBuf(block, slot)
          : new DirectArenaByteBuf(block, slot);
    }
  },
  HEAP {
    @Override
    ByteBuf allocateUpstream(ByteBufAllocator upstream, int bytes) {
      return upstream.heapBuffer(bytes, bytes);
    }

    @Override
    ArenaByteBuf newHandle(Block block, int slot) {
      return block.pool.options.recordsHistories()
          ? new RecordedHeapArenaByteBuf(block, slot)
          : new HeapArenaByteBuf(block, slot);
    }
  };

  abstract ByteBuf allocateUpstream(ByteBufAllocator upstream, int bytes);

  abstract ArenaByteBuf newHandle(Block block, int slot);
}
