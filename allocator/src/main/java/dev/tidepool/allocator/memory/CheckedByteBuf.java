package dev.tidepool.allocator.memory;

import io.netty.buffer.ByteBuf;
import io.netty.util.IllegalReferenceCountException;
import java.util.Objects;

/**
 * Access to single values by index, each checked once, and the search for a byte. The memory itself
 * checks once more. Netty's own check, of four comparisons, in front of that would make direct
 * memory slower than the {@code Unsafe} of its allocators.
 */
abstract class CheckedByteBuf extends CountedByteBuf {
  static final int MEDIUM_BYTES = 3;

  /** Bytes of the buffer: its capacity. */
  int length;

  @Override
  public final int capacity() {
    return length;
  }

  /** Uses the one method that the compiler knows to be a bounds check and can move out of loops. */
  private void check(int index, int bytes) {
    if (!isAlivePlain()) {
      throw refused("index", index, bytes);
    }
    try {
      Objects.checkIndex(index, length - (bytes - 1));
    } catch (IndexOutOfBoundsException e) {
      throw refused("index", index, bytes); // with a message that says what was expected
    }
  }

  /** Checks a range, which may be empty. */
  final void checkRange(int index, int bytes) {
    checkRange("index", index, bytes);
  }

  final void checkRange(String name, int index, int bytes) {
    if (!isAlivePlain() || (index | bytes) < 0 || bytes > length - index) {
      throw refused(name, index, bytes);
    }
  }

  private RuntimeException refused(String name, int index, int bytes) {
    ensureAccessible(); // throws with the buffer's history, if it is dead and has one
    return refCnt() == 0
        ? new IllegalReferenceCountException(0) // Netty was told not to check
        : new IndexOutOfBoundsException(
            "%s: %d, bytes: %d (expected: within [0, %d))".formatted(name, index, bytes, length));
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

  /** Faster than Netty's in memory that checks every access: see {@link ByteSearch}. */
  @Override
  public final int indexOf(int fromIndex, int toIndex, byte value) {
    int from = Math.max(fromIndex, 0);
    return isAlivePlain() && from < toIndex && toIndex <= length
        ? ByteSearch.firstIndexOf(this, from, toIndex, value)
        : super.indexOf(fromIndex, toIndex, value); // backwards, nothing to search, or refused
  }

  // The other byte order: the same bytes, swapped

  /** Implemented without swapping: {@link ByteSearch} reads by this. */
  @Override
  protected abstract long _getLongLE(int index);

  @Override
  protected final short _getShortLE(int index) {
    return Short.reverseBytes(_getShort(index));
  }

  @Override
  protected final int _getUnsignedMediumLE(int index) {
    return Integer.reverseBytes(_getUnsignedMedium(index)) >>> 8;
  }

  @Override
  protected final int _getIntLE(int index) {
    return Integer.reverseBytes(_getInt(index));
  }

  @Override
  protected final void _setShortLE(int index, int value) {
    _setShort(index, Short.reverseBytes((short) value));
  }

  @Override
  protected final void _setMediumLE(int index, int value) {
    _setMedium(index, Integer.reverseBytes(value) >>> 8);
  }

  @Override
  protected final void _setIntLE(int index, int value) {
    _setInt(index, Integer.reverseBytes(value));
  }

  @Override
  protected final void _setLongLE(int index, long value) {
    _setLong(index, Long.reverseBytes(value));
  }
}
