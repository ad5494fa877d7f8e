package dev.tidepool.allocator.model;

import io.netty.buffer.ByteBuf;
import java.util.List;

/** A width and byte order of single values. */
record Value(String name, int width, boolean littleEndian, Setter setter, Getter getter) {
  private static final List<Value> ALL =
      List.of(
          bigEndian("byte", 1, (to, i, v) -> to.setByte(i, (int) v), ByteBuf::getByte),
          bigEndian("short", 2, (to, i, v) -> to.setShort(i, (int) v), ByteBuf::getShort),
          bigEndian("medium", 3, (to, i, v) -> to.setMedium(i, (int) v), ByteBuf::getMedium),
          bigEndian("int", 4, (to, i, v) -> to.setInt(i, (int) v), ByteBuf::getInt),
          bigEndian("long", 8, ByteBuf::setLong, ByteBuf::getLong),
          littleEndian("short", 2, (to, i, v) -> to.setShortLE(i, (int) v), ByteBuf::getShortLE),
          littleEndian(
              "medium", 3, (to, i, v) -> to.setMediumLE(i, (int) v), ByteBuf::getUnsignedMediumLE),
          littleEndian("int", 4, (to, i, v) -> to.setIntLE(i, (int) v), ByteBuf::getIntLE),
          littleEndian("long", 8, ByteBuf::setLongLE, ByteBuf::getLongLE));

  interface Setter {
    void set(ByteBuf to, int index, long value);
  }

  interface Getter {
    long get(ByteBuf from, int index);
  }

  private static Value bigEndian(String name, int width, Setter setter, Getter getter) {
    return new Value(name, width, false, setter, getter);
  }

  private static Value littleEndian(String name, int width, Setter setter, Getter getter) {
    return new Value(name + " LE", width, true, setter, getter);
  }

  static Value any(int seed) {
    return ALL.get(seed % ALL.size());
  }

  void set(ByteBuf to, int index, byte[] bytes) {
    long value = 0;
    for (int i = 0; i < width; i++) {
      value |= (bytes[i] & 0xffL) << shift(i);
    }
    setter.set(to, index, value);
  }

  byte[] get(ByteBuf from, int index) {
    long value = getter.get(from, index);
    byte[] bytes = new byte[width];
    for (int i = 0; i < width; i++) {
      bytes[i] = (byte) (value >>> shift(i));
    }
    return bytes;
  }

  private int shift(int index) {
    return 8 * (littleEndian ? index : width - 1 - index);
  }
}
