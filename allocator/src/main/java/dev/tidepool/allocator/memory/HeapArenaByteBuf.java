package dev.tidepool.allocator.memory;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ScatteringByteChannel;
import org.jspecify.annotations.Nullable;

/** A handle of heap memory: a range of a byte array. */
class HeapArenaByteBuf extends ArenaByteBuf {
  private static final VarHandle SHORT = bigEndian(short[].class);
  private static final VarHandle INT = bigEndian(int[].class);
  private static final VarHandle LONG = bigEndian(long[].class);
  private static final VarHandle LONG_LE =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  byte[] memory;
  private @Nullable ByteBuffer view;

  HeapArenaByteBuf(Block block, int slot) {
    super(block, slot);
    this.memory = block.heapMemory();
  }

  private static VarHandle bigEndian(Class<?> arrayOfValues) {
    return MethodHandles.byteArrayViewVarHandle(arrayOfValues, ByteOrder.BIG_ENDIAN);
  }

  // The memory

  @Override
  void useMemoryOf(Block block) {
    memory = block.heapMemory();
    view = null;
    offset = block.base + start;
    length = reserved;
  }

  @Override
  void useMemoryOf(ArenaByteBuf other) {
    memory = ((HeapArenaByteBuf) other).memory;
    view = null;
    offset = other.offset;
    length = other.length;
  }

  @Override
  void swapMemory(ArenaByteBuf other) {
    HeapArenaByteBuf heap = (HeapArenaByteBuf) other;
    byte[] otherMemory = heap.memory;
    ByteBuffer otherView = heap.view;
    heap.memory = memory;
    heap.view = view;
    memory = otherMemory;
    view = otherView;
  }

  /** The cached view of the memory, over {@code [index, index + length)} of the buffer. */
  private ByteBuffer view(int index, int length) {
    ByteBuffer cached = view;
    if (cached == null) {
      cached = ByteBuffer.wrap(memory);
      view = cached;
    }
    int from = at(index);
    return cached.limit(from + length).position(from);
  }

  /** A view of its own, for calls that other threads may be making too. */
  private ByteBuffer freshView(int index, int length) {
    return ByteBuffer.wrap(memory, at(index), length);
  }

  @Override
  public boolean isDirect() {
    return false;
  }

  @Override
  public boolean hasArray() {
    return true;
  }

  @Override
  public byte[] array() {
    ensureAccessible();
    return memory;
  }

  @Override
  public int arrayOffset() {
    return offset;
  }

  @Override
  public boolean hasMemoryAddress() {
    return false;
  }

  @Override
  public long memoryAddress() {
    throw new UnsupportedOperationException("heap buffer");
  }

  @Override
  public ByteBuffer nioBuffer(int index, int length) {
    checkRange(index, length);
    return freshView(index, length).slice();
  }

  @Override
  public ByteBuffer internalNioBuffer(int index, int length) {
    checkRange(index, length);
    return view(index, length);
  }

  @Override
  public ByteBuf copy(int index, int length) {
    checkRange(index, length);
    return alloc().heapBuffer(length, maxCapacity()).writeBytes(this, index, length);
  }

  // Single values

  @Override
  protected byte _getByte(int index) {
    return memory[at(index)];
  }

  @Override
  protected short _getShort(int index) {
    return (short) SHORT.get(memory, at(index));
  }

  @Override
  protected int _getUnsignedMedium(int index) {
    int from = at(index);
    return from > 0
        ? (int) INT.get(memory, from - 1) & 0xff_ffff
        : ((memory[from] & 0xff) << 16) | ((short) SHORT.get(memory, from + 1) & 0xffff);
  }

  @Override
  protected int _getInt(int index) {
    return (int) INT.get(memory, at(index));
  }

  @Override
  protected long _getLong(int index) {
    return (long) LONG.get(memory, at(index));
  }

  @Override
  protected long _getLongLE(int index) {
    return (long) LONG_LE.get(memory, at(index));
  }

  @Override
  protected void _setByte(int index, int value) {
    memory[at(index)] = (byte) value;
  }

  @Override
  protected void _setShort(int index, int value) {
    SHORT.set(memory, at(index), (short) value);
  }

  @Override
  protected void _setMedium(int index, int value) {
    int from = at(index);
    memory[from] = (byte) (value >>> 16);
    SHORT.set(memory, from + 1, (short) value);
  }

  @Override
  protected void _setInt(int index, int value) {
    INT.set(memory, at(index), value);
  }

  @Override
  protected void _setLong(int index, long value) {
    LONG.set(memory, at(index), value);
  }

  // Ranges out

  @Override
  void copyTo(int index, ArenaByteBuf target, int targetIndex, int bytes) {
    if (target instanceof HeapArenaByteBuf heap) {
      System.arraycopy(memory, at(index), heap.memory, heap.at(targetIndex), bytes);
    } else {
      ((DirectArenaByteBuf) target).memory.put(target.at(targetIndex), memory, at(index), bytes);
    }
  }

  @Override
  void copyToOther(int index, ByteBuf target, int targetIndex, int bytes) {
    if (target.hasArray()) {
      System.arraycopy(
          memory, at(index), target.array(), target.arrayOffset() + targetIndex, bytes);
    } else {
      target.setBytes(targetIndex, memory, at(index), bytes);
    }
  }

  @Override
  public ByteBuf getBytes(int index, byte[] dst, int dstIndex, int length) {
    checkDstIndex(index, length, dstIndex, dst.length);
    System.arraycopy(memory, at(index), dst, dstIndex, length);
    return this;
  }

  @Override
  public ByteBuf getBytes(int index, ByteBuffer dst) {
    int bytes = dst.remaining();
    checkIndex(index, bytes);
    dst.put(memory, at(index), bytes);
    return this;
  }

  @Override
  public ByteBuf getBytes(int index, OutputStream out, int length) throws IOException {
    checkRange(index, length);
    out.write(memory, at(index), length);
    return this;
  }

  @Override
  public int getBytes(int index, GatheringByteChannel out, int length) throws IOException {
    checkRange(index, length);
    return out.write(freshView(index, length));
  }

  @Override
  public int getBytes(int index, FileChannel out, long position, int length) throws IOException {
    checkRange(index, length);
    return out.write(freshView(index, length), position);
  }

  @Override
  public int readBytes(GatheringByteChannel out, int length) throws IOException {
    checkReadableBytes(length);
    int written = out.write(view(readerIndex(), length));
    skipBytes(written);
    return written;
  }

  @Override
  public int readBytes(FileChannel out, long position, int length) throws IOException {
    checkReadableBytes(length);
    int written = out.write(view(readerIndex(), length), position);
    skipBytes(written);
    return written;
  }

  // Ranges in

  @Override
  void copyFromOther(int index, ByteBuf source, int sourceIndex, int bytes) {
    if (source.hasArray()) {
      System.arraycopy(
          source.array(), source.arrayOffset() + sourceIndex, memory, at(index), bytes);
    } else {
      source.getBytes(sourceIndex, memory, at(index), bytes);
    }
  }

  @Override
  public ByteBuf setBytes(int index, byte[] src, int srcIndex, int length) {
    checkSrcIndex(index, length, srcIndex, src.length);
    System.arraycopy(src, srcIndex, memory, at(index), length);
    return this;
  }

  @Override
  public ByteBuf setBytes(int index, ByteBuffer src) {
    int bytes = src.remaining();
    checkIndex(index, bytes);
    src.get(memory, at(index), bytes);
    return this;
  }

  @Override
  public int setBytes(int index, InputStream in, int length) throws IOException {
    checkRange(index, length);
    return in.read(memory, at(index), length);
  }

  @Override
  public int setBytes(int index, ScatteringByteChannel in, int length) throws IOException {
    checkRange(index, length);
    try {
      return in.read(view(index, length));
    } catch (ClosedChannelException ignored) {
      return -1;
    }
  }

  @Override
  public int setBytes(int index, FileChannel in, long position, int length) throws IOException {
    checkRange(index, length);
    try {
      return in.read(view(index, length), position);
    } catch (ClosedChannelException ignored) {
      return -1;
    }
  }
}
