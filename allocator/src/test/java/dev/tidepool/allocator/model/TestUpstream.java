package dev.tidepool.allocator.model;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * An upstream of zeroed memory that throws {@link OutOfMemoryError} when told to. The memory of an
 * odd one starts somewhere in an array, and at addresses that are multiples of eight but of no
 * more.
 *
 * <p>Returned memory is spoilt, so that a read of it shows. Only the garbage collector frees it, so
 * that a write to it does not end the process.
 */
final class TestUpstream extends AbstractByteBufAllocator {
  private static final int ODD = 24;
  private static final int SPOILT = 0xee;

  private final boolean odd;
  private List<ByteBuf> lent = new ArrayList<>();
  private int failuresToCome;
  private int failures;

  TestUpstream(boolean odd) {
    super(false);
    this.odd = odd;
  }

  /** The next {@code count} allocations fail. */
  void fail(int count) {
    failuresToCome = count;
  }

  /** The number of allocations that failed since the last call. */
  int takeFailures() {
    int seen = failures;
    failures = 0;
    return seen;
  }

  /** The offset of heap memory in its array. */
  int arrayOffset() {
    return odd ? ODD : 0;
  }

  /** Bytes in use. */
  long used() {
    List<ByteBuf> stillLent = new ArrayList<>();
    long used = 0;
    for (ByteBuf memory : lent) {
      if (memory.refCnt() == 1) {
        spoil(memory);
      } else {
        stillLent.add(memory);
        used += memory.capacity();
      }
    }
    lent = stillLent;
    return used;
  }

  private static void spoil(ByteBuf memory) {
    for (int i = 0; i < memory.capacity(); i++) {
      memory.setByte(i, SPOILT);
    }
  }

  @Override
  protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
    failIfTold();
    return lend(Unpooled.wrappedBuffer(new byte[arrayOffset() + initialCapacity]));
  }

  @Override
  protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
    failIfTold();
    return lend(Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(arrayOffset() + initialCapacity)));
  }

  /** Retains the memory, to see when the pool releases it. */
  private ByteBuf lend(ByteBuf memory) {
    ByteBuf lending = odd ? memory.slice(ODD, memory.capacity() - ODD) : memory;
    lent.add(lending);
    return lending.retain();
  }

  private void failIfTold() {
    if (failuresToCome > 0) {
      failuresToCome--;
      failures++;
      throw new OutOfMemoryError("the test said so");
    }
  }

  @Override
  public boolean isDirectBufferPooled() {
    return false;
  }
}
