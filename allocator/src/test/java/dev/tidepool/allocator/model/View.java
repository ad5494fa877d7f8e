package dev.tidepool.allocator.model;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/** The model of a {@code ByteBuf} over a root's bytes: the root itself, a slice or a duplicate. */
final class View {
  final Root root;
  final ByteBuf buffer;
  final Shape shape;
  final int offset;
  private final int length;
  int reader;
  int writer;

  enum Shape {
    WHOLE,
    DUPLICATE,
    SLICE
  }

  View(Root root, ByteBuf buffer, Shape shape, int offset, int length) {
    this.root = root;
    this.buffer = buffer;
    this.shape = shape;
    this.offset = offset;
    this.length = length;
  }

  int capacity() {
    return shape == Shape.SLICE ? length : root.content.length;
  }

  /** Netty adjusts neither slices nor a duplicate's indices when what they view shrinks. */
  boolean isUsable() {
    return offset + capacity() <= root.content.length && writer <= capacity();
  }

  void indices(int reader, int writer) {
    this.reader = reader;
    this.writer = writer;
  }

  void trimIndices(int capacity) {
    if (writer > capacity) {
      indices(Math.min(reader, capacity), capacity);
    }
  }

  byte[] content(int index, int bytes) {
    return Arrays.copyOfRange(root.content, offset + index, offset + index + bytes);
  }

  void set(int index, byte[] bytes) {
    root.set(offset + index, bytes);
  }

  /** Compares the buffer with this model of it. */
  void check() {
    Expect.equal(buffer.refCnt(), root.references, "refCnt", this);
    if (!isUsable()) {
      return;
    }
    Expect.equal(buffer.capacity(), capacity(), "capacity", this);
    Expect.equal(buffer.readerIndex(), reader, "readerIndex", this);
    Expect.equal(buffer.writerIndex(), writer, "writerIndex", this);
    byte[] actual = new byte[capacity()];
    buffer.getBytes(0, actual);
    Expect.sameBytes(actual, content(0, capacity()), this);
  }

  @Override
  public String toString() {
    return "%s of %d bytes at %d, %s".formatted(shape, capacity(), offset, buffer);
  }
}
