package dev.tidepool.benchmarks.memory;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** Buffers whose memory the system has given, not only promised. */
final class Buffers {
  private static final int PAGE_BYTES = 4096;

  private Buffers() {}

  /** A direct one with a byte written to each of its pages. */
  static ByteBuf touched(ByteBufAllocator allocator, int bytes) {
    ByteBuf buffer = allocator.directBuffer(bytes);
    for (int at = 0; at < bytes; at += PAGE_BYTES) {
      buffer.setByte(at, 1);
    }
    return buffer;
  }

  static void release(ByteBuf... buffers) {
    for (ByteBuf each : buffers) {
      each.release();
    }
  }
}
