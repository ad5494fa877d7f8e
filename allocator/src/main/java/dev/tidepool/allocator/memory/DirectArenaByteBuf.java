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

/**
 * A handle of direct memory. It accesses bytes and ranges by absolute {@link ByteBuffer} calls, and
 * longer values by {@link VarHandle}s, which check the bounds by one comparison, not two.
 */
class DirectArenaByteBuf extends ArenaByteBuf {
  /** The most bytes written to an output stream, which wants an array, at once. */
  private static final int STREAM_CHUNK = 8192;

  private static final VarHandle SHORT = bigEndian(short[].class);
  private static final VarHandle INT = bigEndian(int[].class);
  private static final VarHandle LONG = bigEndian(long[].class);
  private static final VarHandle LONG_LE =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  ByteBuffer memory;
  private @Nullable ByteBuffer view;

  DirectArenaByteBuf(Block block, int slot) {
    super(block, slot);
    this.memory = block.directMemory();
  }

  private static VarHandle bigEndian(Class<?> arrayOfValues) {
    return MethodHandles.byteBufferViewVarHandle(arrayOfValues, ByteOrder.BIG_ENDIAN);
  }

  // The memory

  @Override
  void useMemoryOf(Block block) {
    memory = block.directMemory();
    view = null;
    offset = block.base + start;
    length = reserved;
  }

  @Override
  void useMemoryOf(ArenaByteBuf other) {
    memory = ((DirectArenaByteBuf) other).memory;
    view = null;
    offset = other.offset;
    length = other.length;
  }

  @Override
  void swapMemory(ArenaByteBuf other) {
    DirectArenaByteBuf direct = (DirectArenaByteBuf) other;
    ByteBuffer otherMemory = direct.memory;
    ByteBuffer otherView = direct.view;
    direct.memory = memory;
    direct.view = view;
    memory = otherMemory;
    view = otherView;
  }

  /** The cached view of the memory, over {@code [index, index + length)} of the buffer. */
  private ByteBuffer view(int index, int length) {
    ByteBuffer cached = view;
    if (cached == null) {
      cached = memory.duplicate();
      view = cached;
    }
    int from = at(index);
    return cached.limit(from + length).position(from);
  }

  /** A new view, for calls that other threads may be making too. */
  private ByteBuffer freshView(int index, int length) {
    int from = at(index);
    return memory.duplicate().limit(from + length).position(from);
  }

  @Override
  public boolean isDirect() {
    return true;
  }

  @Override
  public boolean hasArray() {
    return false;
  }

  @Override
  public byte[] array() {
    throw new UnsupportedOperationException("direct buffer");
  }

  @Override
  public int arrayOffset() {
    throw new UnsupportedOperationException("direct buffer");
  }

  @Override
  public boolean hasMemoryAddress() {
    return block.hasMemoryAddress();
  }

  @Override
  public long memoryAddress() {
    ensureAccessible();
    if (!hasMemoryAddress()) {
      throw new UnsupportedOperationException("memoryAddress: upstream gives none");
    }
    return isDetached() ? backing().memoryAddress() : block.address() + offset;
  }

  @Override
  public ByteBuffer nioBuffer(int index, int length) {
    checkRange(index, length);
    return memory.slice(at(index), length);
  }

  @Override
  public ByteBuffer internalNioBuffer(int index, int length) {
    checkRange(index, length);
    return view(index, length);
  }

  @Override
  public ByteBuf copy(int index, int length) {
    checkRange(index, length);
    return alloc().directBuffer(length, maxCapacity()).writeBytes(this, index, length);
  }

  // Single values

  @Override
  protected byte _getByte(int index) {
    return memory.get(at(index));
  }

  @Override
  protected short _getShort(int index) {
    return (short) SHORT.get(memory, at(index));
  }

  @Override
  protected int _getUnsignedMedium(int index) {
    int from = at(index);
    return from > 0
        ? (int) INT.get(memory, from - 1) & 0xff_ffff // one bounds check, not two
        : ((memory.get(from) & 0xff) << 16) | ((short) SHORT.get(memory, from + 1) & 0xffff);
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
    memory.put(at(index), (byte) value);
  }

  @Override
  protected void _setShort(int index, int value) {
    SHORT.set(memory, at(index), (short) value);
  }

  @Override
  protected void _setMedium(int index, int value) {
    int from = at(index);
    memory.put(from, (byte) (value >>> 16));
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
    if (target instanceof DirectArenaByteBuf direct) {
      direct.memory.put(direct.at(targetIndex), memory, at(index), bytes);
    } else {
      memory.get(at(index), ((HeapArenaByteBuf) target).memory, target.at(targetIndex), bytes);
    }
  }

  @Override
  void copyToOther(int index, ByteBuf target, int targetIndex, int bytes) {
    if (target.hasArray()) {
      memory.get(at(index), target.array(), target.arrayOffset() + targetIndex, bytes);
    } else if (target.nioBufferCount() > 0) {
      getBytes(index, target.nioBuffers(targetIndex, bytes));
    } else {
      target.setBytes(targetIndex, this, index, bytes);
    }
  }

  private void getBytes(int index, ByteBuffer[] targets) {
    int from = at(index);
    for (ByteBuffer target : targets) {
      int bytes = target.remaining();
      target.put(target.position(), memory, from, bytes);
      from += bytes;
    }
  }

  @Override
  public ByteBuf getBytes(int index, byte[] dst, int dstIndex, int length) {
    checkDstIndex(index, length, dstIndex, dst.length);
    memory.get(at(index), dst, dstIndex, length);
    return this;
  }

  @Override
  public ByteBuf getBytes(int index, ByteBuffer dst) {
    int bytes = dst.remaining();
    checkIndex(index, bytes);
    dst.put(freshView(index, bytes));
    return this;
  }

  @Override
  public ByteBuf getBytes(int index, OutputStream out, int length) throws IOException {
    checkRange(index, length);
    byte[] chunk = new byte[Math.min(length, STREAM_CHUNK)];
    for (int done = 0; done < length; done += chunk.length) {
      int bytes = Math.min(chunk.length, length - done);
      memory.get(at(index + done), chunk, 0, bytes);
      out.write(chunk, 0, bytes);
    }
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
    if (source.unwrap() instanceof ArenaByteBuf) {
      source.getBytes(sourceIndex, this, index, bytes);
    } else if (source.hasArray()) {
      memory.put(at(index), source.array(), source.arrayOffset() + sourceIndex, bytes);
    } else if (source.nioBufferCount() > 0) {
      setBytes(index, source.nioBuffers(sourceIndex, bytes));
    } else {
      source.getBytes(sourceIndex, this, index, bytes);
    }
  }

  private void setBytes(int index, ByteBuffer[] sources) {
    int to = at(index);
    for (ByteBuffer source : sources) {
      int bytes = source.remaining();
      memory.put(to, source, source.position(), bytes);
      to += bytes;
    }
  }

  @Override
  public ByteBuf setBytes(int index, byte[] src, int srcIndex, int length) {
    checkSrcIndex(index, length, srcIndex, src.length);
    memory.put(at(index), src, srcIndex, length);
    return this;
  }

  @Override
  public ByteBuf setBytes(int index, ByteBuffer src) {
    int bytes = src.remaining();
    checkIndex(index, bytes);
    memory.put(at(index), src, src.position(), bytes);
    src.position(src.position() + bytes);
    return this;
  }

  @Override
  public int setBytes(int index, InputStream in, int length) throws IOException {
    checkRange(index, length);
    byte[] array = new byte[length];
    int bytes = in.read(array, 0, length); // one call: another may block, or lose these bytes
    if (bytes > 0) {
      memory.put(at(index), array, 0, bytes);
    }
    return bytes;
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
