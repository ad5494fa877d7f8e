package dev.tidepool.allocator.memory;

import io.netty.buffer.ByteBuf;

/**
 * Single values by their index, each checked by one comparison: the memory itself checks once more,
 * and Netty's own check, of four, in front of that would make direct memory slower than the {@code
 * Unsafe} of its allocators.
 */
abstract class IndexedByteBuf extends CountedByteBuf {
  private static final int MEDIUM_BYTES = 3;

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
}
