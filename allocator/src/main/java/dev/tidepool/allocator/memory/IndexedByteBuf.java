package dev.tidepool.allocator.memory;

import io.netty.buffer.ByteBuf;

/**
 * Single values by their index, each checked by one comparison: the memory itself checks once more,
 * and Netty's own check, of four, in front of that would make direct memory slower than the {@code
 * Unsafe} of its allocators.
 */
abstract class IndexedByteBuf extends CountedByteBuf {
  private static final int MEDIUM_BYTES = 3;

  /** Words in which a byte is looked for before the loop that would find one far away starts. */
  private static final int NEAR_WORDS = 4;

  private static final int NEAR = NEAR_WORDS * Long.BYTES;
  private static final long ONES = 0x0101_0101_0101_0101L;
  private static final long LOW_BITS = 0x7f * ONES;

  /** Bytes of the buffer: its capacity. */
  int length;

  @Override
  public final int capacity() {
    return length;
  }

  /** As unsigned numbers, a negative index is beyond every length. */
  private void check(int index, int bytes) {
    int last = length - bytes;
    if (refCnt() == 0 || last < 0 || index + Integer.MIN_VALUE > last + Integer.MIN_VALUE) {
      refuse(index, bytes);
    }
  }

  private void refuse(int index, int bytes) {
    checkIndex(index, bytes);
    throw new IndexOutOfBoundsException(
        "index: %d, bytes: %d (expected: within [0, %d))".formatted(index, bytes, length));
  }

  // Get

  @Override
  public final byte getByte(int index) {
    check(index, Byte.BYTES);
    return _getByte(index);
  }

  @Override
  public final short getShort(int index) {
    check(index, Short.BYTES);
    return _getShort(index);
  }

  @Override
  public final short getShortLE(int index) {
    check(index, Short.BYTES);
    return _getShortLE(index);
  }

  @Override
  public final int getUnsignedMedium(int index) {
    check(index, MEDIUM_BYTES);
    return _getUnsignedMedium(index);
  }

  @Override
  public final int getUnsignedMediumLE(int index) {
    check(index, MEDIUM_BYTES);
    return _getUnsignedMediumLE(index);
  }

  @Override
  public final int getInt(int index) {
    check(index, Integer.BYTES);
    return _getInt(index);
  }

  @Override
  public final int getIntLE(int index) {
    check(index, Integer.BYTES);
    return _getIntLE(index);
  }

  @Override
  public final long getLong(int index) {
    check(index, Long.BYTES);
    return _getLong(index);
  }

  @Override
  public final long getLongLE(int index) {
    check(index, Long.BYTES);
    return _getLongLE(index);
  }

  // Set

  @Override
  public final ByteBuf setByte(int index, int value) {
    check(index, Byte.BYTES);
    _setByte(index, value);
    return this;
  }

  @Override
  public final ByteBuf setShort(int index, int value) {
    check(index, Short.BYTES);
    _setShort(index, value);
    return this;
  }

  @Override
  public final ByteBuf setShortLE(int index, int value) {
    check(index, Short.BYTES);
    _setShortLE(index, value);
    return this;
  }

  @Override
  public final ByteBuf setMedium(int index, int value) {
    check(index, MEDIUM_BYTES);
    _setMedium(index, value);
    return this;
  }

  @Override
  public final ByteBuf setMediumLE(int index, int value) {
    check(index, MEDIUM_BYTES);
    _setMediumLE(index, value);
    return this;
  }

  @Override
  public final ByteBuf setInt(int index, int value) {
    check(index, Integer.BYTES);
    _setInt(index, value);
    return this;
  }

  @Override
  public final ByteBuf setIntLE(int index, int value) {
    check(index, Integer.BYTES);
    _setIntLE(index, value);
    return this;
  }

  @Override
  public final ByteBuf setLong(int index, long value) {
    check(index, Long.BYTES);
    _setLong(index, value);
    return this;
  }

  @Override
  public final ByteBuf setLongLE(int index, long value) {
    check(index, Long.BYTES);
    _setLongLE(index, value);
    return this;
  }

  // Search

  /**
   * Netty's loop is as fast far away; but before it starts the compiler works out for how many
   * words the memory's own bounds hold, which takes longer than to find what is near: the end of a
   * line, of a field.
   */
  @Override
  public final int indexOf(int fromIndex, int toIndex, byte value) {
    int from = Math.max(fromIndex, 0);
    if (refCnt() == 0 || toIndex < NEAR || toIndex > length || from > toIndex - NEAR) {
      return super.indexOf(fromIndex, toIndex, value);
    }
    long pattern = (value & 0xff) * ONES;
    for (int i = 0; i < NEAR_WORDS; i++) {
      int word = from + i * Long.BYTES;
      long matches = zeroBytes(_getLong(word) ^ pattern);
      if (matches != 0) {
        return word + (Long.numberOfLeadingZeros(matches) >>> 3);
      }
    }
    return super.indexOf(from + NEAR, toIndex, value);
  }

  /** The highest bit of every byte that is zero, and no other. */
  private static long zeroBytes(long word) {
    return ~(((word & LOW_BITS) + LOW_BITS) | word | LOW_BITS);
  }
}
