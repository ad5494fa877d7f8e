package dev.tidepool.allocator.memory;

import io.netty.buffer.ByteBuf;

/**
 * A slice of a handle. It checks the slice's bounds itself and has the handle check the rest by a
 * plain read. Netty's slices call {@link #refCnt()} before each access; its acquire load makes an
 * access four times as long. Netty's methods refuse what is out of bounds.
 */
@SuppressWarnings("deprecation") // the only slice of Netty's that can be extended
final class ArenaSlice extends io.netty.buffer.SlicedByteBuf {
  private static final int MEDIUM_BYTES = CheckedByteBuf.MEDIUM_BYTES;

  private final ArenaByteBuf whole;
  private final int from;
  private final int size;

  ArenaSlice(ArenaByteBuf whole, int from, int size) {
    super(whole, from, size);
    this.whole = whole;
    this.from = from;
    this.size = size;
  }

  private boolean isWithin(int index, int bytes) {
    return index >= 0 && index <= size - bytes;
  }

  private boolean isReadableAt(int index, int bytes) {
    return bytes <= writerIndex() - index;
  }

  // Get

  @Override
  public byte getByte(int index) {
    return isWithin(index, Byte.BYTES) ? whole.getByte(from + index) : super.getByte(index);
  }

  @Override
  public short getShort(int index) {
    return isWithin(index, Short.BYTES) ? whole.getShort(from + index) : super.getShort(index);
  }

  @Override
  public short getShortLE(int index) {
    return isWithin(index, Short.BYTES) ? whole.getShortLE(from + index) : super.getShortLE(index);
  }

  @Override
  public int getUnsignedMedium(int index) {
    return isWithin(index, MEDIUM_BYTES)
        ? whole.getUnsignedMedium(from + index)
        : super.getUnsignedMedium(index);
  }

  @Override
  public int getUnsignedMediumLE(int index) {
    return isWithin(index, MEDIUM_BYTES)
        ? whole.getUnsignedMediumLE(from + index)
        : super.getUnsignedMediumLE(index);
  }

  @Override
  public int getInt(int index) {
    return isWithin(index, Integer.BYTES) ? whole.getInt(from + index) : super.getInt(index);
  }

  @Override
  public int getIntLE(int index) {
    return isWithin(index, Integer.BYTES) ? whole.getIntLE(from + index) : super.getIntLE(index);
  }

  @Override
  public long getLong(int index) {
    return isWithin(index, Long.BYTES) ? whole.getLong(from + index) : super.getLong(index);
  }

  @Override
  public long getLongLE(int index) {
    return isWithin(index, Long.BYTES) ? whole.getLongLE(from + index) : super.getLongLE(index);
  }

  // Set

  @Override
  public ByteBuf setByte(int index, int value) {
    if (!isWithin(index, Byte.BYTES)) {
      return super.setByte(index, value);
    }
    whole.setByte(from + index, value);
    return this;
  }

  @Override
  public ByteBuf setShort(int index, int value) {
    if (!isWithin(index, Short.BYTES)) {
      return super.setShort(index, value);
    }
    whole.setShort(from + index, value);
    return this;
  }

  @Override
  public ByteBuf setShortLE(int index, int value) {
    if (!isWithin(index, Short.BYTES)) {
      return super.setShortLE(index, value);
    }
    whole.setShortLE(from + index, value);
    return this;
  }

  @Override
  public ByteBuf setMedium(int index, int value) {
    if (!isWithin(index, MEDIUM_BYTES)) {
      return super.setMedium(index, value);
    }
    whole.setMedium(from + index, value);
    return this;
  }

  @Override
  public ByteBuf setMediumLE(int index, int value) {
    if (!isWithin(index, MEDIUM_BYTES)) {
      return super.setMediumLE(index, value);
    }
    whole.setMediumLE(from + index, value);
    return this;
  }

  @Override
  public ByteBuf setInt(int index, int value) {
    if (!isWithin(index, Integer.BYTES)) {
      return super.setInt(index, value);
    }
    whole.setInt(from + index, value);
    return this;
  }

  @Override
  public ByteBuf setIntLE(int index, int value) {
    if (!isWithin(index, Integer.BYTES)) {
      return super.setIntLE(index, value);
    }
    whole.setIntLE(from + index, value);
    return this;
  }

  @Override
  public ByteBuf setLong(int index, long value) {
    if (!isWithin(index, Long.BYTES)) {
      return super.setLong(index, value);
    }
    whole.setLong(from + index, value);
    return this;
  }

  @Override
  public ByteBuf setLongLE(int index, long value) {
    if (!isWithin(index, Long.BYTES)) {
      return super.setLongLE(index, value);
    }
    whole.setLongLE(from + index, value);
    return this;
  }

  // Read

  @Override
  public byte readByte() {
    int index = readerIndex();
    if (!isReadableAt(index, Byte.BYTES)) {
      return super.readByte();
    }
    byte value = whole.getByte(from + index);
    readerIndex(index + Byte.BYTES);
    return value;
  }

  @Override
  public short readShort() {
    int index = readerIndex();
    if (!isReadableAt(index, Short.BYTES)) {
      return super.readShort();
    }
    short value = whole.getShort(from + index);
    readerIndex(index + Short.BYTES);
    return value;
  }

  @Override
  public short readShortLE() {
    int index = readerIndex();
    if (!isReadableAt(index, Short.BYTES)) {
      return super.readShortLE();
    }
    short value = whole.getShortLE(from + index);
    readerIndex(index + Short.BYTES);
    return value;
  }

  @Override
  public int readUnsignedMedium() {
    int index = readerIndex();
    if (!isReadableAt(index, MEDIUM_BYTES)) {
      return super.readUnsignedMedium();
    }
    int value = whole.getUnsignedMedium(from + index);
    readerIndex(index + MEDIUM_BYTES);
    return value;
  }

  @Override
  public int readUnsignedMediumLE() {
    int index = readerIndex();
    if (!isReadableAt(index, MEDIUM_BYTES)) {
      return super.readUnsignedMediumLE();
    }
    int value = whole.getUnsignedMediumLE(from + index);
    readerIndex(index + MEDIUM_BYTES);
    return value;
  }

  @Override
  public int readInt() {
    int index = readerIndex();
    if (!isReadableAt(index, Integer.BYTES)) {
      return super.readInt();
    }
    int value = whole.getInt(from + index);
    readerIndex(index + Integer.BYTES);
    return value;
  }

  @Override
  public int readIntLE() {
    int index = readerIndex();
    if (!isReadableAt(index, Integer.BYTES)) {
      return super.readIntLE();
    }
    int value = whole.getIntLE(from + index);
    readerIndex(index + Integer.BYTES);
    return value;
  }

  @Override
  public long readLong() {
    int index = readerIndex();
    if (!isReadableAt(index, Long.BYTES)) {
      return super.readLong();
    }
    long value = whole.getLong(from + index);
    readerIndex(index + Long.BYTES);
    return value;
  }

  @Override
  public long readLongLE() {
    int index = readerIndex();
    if (!isReadableAt(index, Long.BYTES)) {
      return super.readLongLE();
    }
    long value = whole.getLongLE(from + index);
    readerIndex(index + Long.BYTES);
    return value;
  }
}
