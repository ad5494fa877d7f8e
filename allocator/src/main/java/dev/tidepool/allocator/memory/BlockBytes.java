package dev.tidepool.allocator.memory;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** The memory of a block, of either kind, to fill with poison or guard and to compare with them. */
final class BlockBytes {
  private static final int CHUNK = 64 * 1024;
  private static final byte[] POISON = chunk(FullChecks.POISON);
  private static final byte[] GUARD = chunk(FullChecks.GUARD);

  private final ByteBuffer bytes;

  BlockBytes(Block block) {
    this.bytes = block.kind == MemoryKind.DIRECT ? block.directMemory() : heapBytes(block);
  }

  private static ByteBuffer heapBytes(Block block) {
    int length = block.pool.hooks.physicalOffset(block.capacity);
    return ByteBuffer.wrap(block.heapMemory(), block.base, length).slice();
  }

  void fill(int from, int length, byte value) {
    byte[] chunk = chunkOf(value);
    for (int done = 0; done < length; done += chunk.length) {
      bytes.put(from + done, chunk, 0, Math.min(chunk.length, length - done));
    }
  }

  /** The index of the first byte that is neither {@code value} nor {@code other}, or -1. */
  int firstOther(int from, int length, byte value, byte other) {
    byte[] chunk = chunkOf(value);
    int done = 0;
    while (done < length) {
      int more = Math.min(chunk.length, length - done);
      int same = bytes.slice(from + done, more).mismatch(ByteBuffer.wrap(chunk, 0, more));
      if (same < 0) {
        done += more;
      } else if (bytes.get(from + done + same) == other) {
        done += same + 1;
      } else {
        return from + done + same;
      }
    }
    return -1;
  }

  private static byte[] chunkOf(byte value) {
    return value == FullChecks.POISON ? POISON : GUARD;
  }

  private static byte[] chunk(byte value) {
    byte[] chunk = new byte[CHUNK];
    Arrays.fill(chunk, value);
    return chunk;
  }
}
