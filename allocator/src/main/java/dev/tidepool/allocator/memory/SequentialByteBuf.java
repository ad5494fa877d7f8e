package dev.tidepool.allocator.memory;

import io.netty.buffer.ByteBuf;

/**
 * Access to single values at the reader and writer index. Netty's own methods call {@link
 * #refCnt()} before each, whose acquire load keeps the compiler from holding anything in registers.
 * These read plainly, and leave to Netty's what must grow or be refused.
 */
abstract class SequentialByteBuf extends CheckedByteBuf {
  private boolean isReadablePlain(int index, int bytes) {
    return isAlivePlain() && bytes <= writerIndex() - index;
  }

  private boolean isWritablePlain(int index, int bytes) {
    return isAlivePlain() && bytes <= length - index;
  }

  // Read

  @Override
  public final byte readByte() {
    int index = readerIndex();
    if (!isReadablePlain(index, Byte.BYTES)) {
      return super.readByte();
    }
    byte value = _getByte(index);
    readerIndex(index + Byte.BYTES);
    return value;
  }

  @Override
  public final short readShort() {
    int index = readerIndex();
    if (!isReadablePlain(index, Short.BYTES)) {
      return super.readShort();
    }
    short value = _getShort(index);
    readerIndex(index + Short.BYTES);
    return value;
  }

  @Override
  public final short readShortLE() {
    int index = readerIndex();
    if (!isReadablePlain(index, Short.BYTES)) {
      return super.readShortLE();
    }
    short value = _getShortLE(index);
    readerIndex(index + Short.BYTES);
    return value;
  }

  @Override
  public final int readUnsignedMedium() {
    int index = readerIndex();
    if (!isReadablePlain(index, MEDIUM_BYTES)) {
      return super.readUnsignedMedium();
    }
    int value = _getUnsignedMedium(index);
    readerIndex(index + MEDIUM_BYTES);
    return value;
  }

  @Override
  public final int readUnsignedMediumLE() {
    int index = readerIndex();
    if (!isReadablePlain(index, MEDIUM_BYTES)) {
      return super.readUnsignedMediumLE();
    }
    int value = _getUnsignedMediumLE(index);
    readerIndex(index + MEDIUM_BYTES);
    return value;
  }

  @Override
  public final int readInt() {
    int index = readerIndex();
    if (!isReadablePlain(index, Integer.BYTES)) {
      return super.readInt();
    }
    int value = _getInt(index);
    readerIndex(index + Integer.BYTES);
    return value;
  }

  @Override
  public final int readIntLE() {
    int index = readerIndex();
    if (!isReadablePlain(index, Integer.BYTES)) {
      return super.readIntLE();
    }
    int value = _getIntLE(index);
    readerIndex(index + Integer.BYTES);
    return value;
  }

  @Override
  public final long readLong() {
    int index = readerIndex();
    if (!isReadablePlain(index, Long.BYTES)) {
      return super.readLong();
    }
    long value = _getLong(index);
    readerIndex(index + Long.BYTES);
    return value;
  }

  @Override
  public final long readLongLE() {
    int index = readerIndex();
    if (!isReadablePlain(index, Long.BYTES)) {
      return super.readLongLE();
    }
    long value = _getLongLE(index);
    readerIndex(index + Long.BYTES);
    return value;
  }

  // Write

  @Override
  public final ByteBuf writeByte(int value) {
    int index = writerIndex();
    if (!isWritablePlain(index, Byte.BYTES)) {
      return super.writeByte(value);
    }
    _setByte(index, value);
    return writerIndex(index + Byte.BYTES);
  }

  @Override
  public final ByteBuf writeShort(int value) {
    int index = writerIndex();
    if (!isWritablePlain(index, Short.BYTES)) {
      return super.writeShort(value);
    }
    _setShort(index, value);
    return writerIndex(index + Short.BYTES);
  }

  @Override
  public final ByteBuf writeShortLE(int value) {
    int index = writerIndex();
    if (!isWritablePlain(index, Short.BYTES)) {
      return super.writeShortLE(value);
    }
    _setShortLE(index, value);
    return writerIndex(index + Short.BYTES);
  }

  @Override
  public final ByteBuf writeMedium(int value) {
    int index = writerIndex();
    if (!isWritablePlain(index, MEDIUM_BYTES)) {
      return super.writeMedium(value);
    }
    _setMedium(index, value);
    return writerIndex(index + MEDIUM_BYTES);
  }

  @Override
  public final ByteBuf writeMediumLE(int value) {
    int index = writerIndex();
    if (!isWritablePlain(index, MEDIUM_BYTES)) {
      return super.writeMediumLE(value);
    }
    _setMediumLE(index, value);
    return writerIndex(index + MEDIUM_BYTES);
  }

  @Override
  public final ByteBuf writeInt(int value) {
    int index = writerIndex();
    if (!isWritablePlain(index, Integer.BYTES)) {
      return super.writeInt(value);
    }
    _setInt(index, value);
    return writerIndex(index + Integer.BYTES);
  }

  @Override
  public final ByteBuf writeIntLE(int value) {
    int index = writerIndex();
    if (!isWritablePlain(index, Integer.BYTES)) {
      return super.writeIntLE(value);
    }
    _setIntLE(index, value);
    return writerIndex(index + Integer.BYTES);
  }

  @Override
  public final ByteBuf writeLong(long value) {
    int index = writerIndex();
    if (!isWritablePlain(index, Long.BYTES)) {
      return super.writeLong(value);
    }
    _setLong(index, value);
    return writerIndex(index + Long.BYTES);
  }

  @Override
  public final ByteBuf writeLongLE(long value) {
    int index = writerIndex();
    if (!isWritablePlain(index, Long.BYTES)) {
      return super.writeLongLE(value);
    }
    _setLongLE(index, value);
    return writerIndex(index + Long.BYTES);
  }
}
