package dev.tidepool.allocator.memory;

import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import org.jspecify.annotations.Nullable;

/**
 * The hooks of {@code checks=full}. Each byte of a block has a value that says what it belongs to.
 * Bytes that no buffer may write are compared again before a buffer gets them:
 *
 * <pre>
 *   POISON  free: in no buffer's range     (or 0, if the block was scrubbed since)
 *   GUARD   in a buffer's range or the red zone behind it, but not within the buffer's length
 * </pre>
 *
 * <p>A block's memory is twice as large as the block, and behind each range is a red zone as long
 * as the range. Where buffers lie, and all figures but upstream's, are as without checks.
 *
 * <pre>
 *   range: [2 * start, 2 * start + reserved)    red zone: [2 * start + reserved, 2 * (start + reserved))
 * </pre>
 *
 * <p>A write past a buffer's end is found when the buffer is released or resized. A write after its
 * release is found when its bytes are handed out again, or the block is given back or leased. Both
 * are logged as errors with the buffer's history, and the bytes are restored. Late calls on the
 * buffer itself fail (see {@link BufferHistory}): no handle is used twice.
 */
final class FullChecks extends MemoryHooks {
  static final byte POISON = (byte) 0xde;
  static final byte GUARD = (byte) 0xfd;
  private static final int STRETCH = 2;

  private static final InternalLogger logger = InternalLoggerFactory.getInstance(FullChecks.class);

  private final boolean scrub;

  FullChecks(MemoryOptions options) {
    this.scrub = options.scrub();
  }

  @Override
  int physicalOffset(int offset) {
    if (offset > Integer.MAX_VALUE / STRETCH) {
      throw new OutOfMemoryError(
          "asked for %d bytes (expected: at most %d with checks=full)"
              .formatted(offset, Integer.MAX_VALUE / STRETCH));
    }
    return offset * STRETCH;
  }

  // Free bytes

  @Override
  void leasedNew(Block block) {
    fill(block, 0, block.capacity, POISON);
  }

  @Override
  void leasedAgain(Block block) {
    requireFree(block, 0, block.capacity);
  }

  @Override
  void givenBack(Block block) {
    requireFree(block, 0, block.capacity);
  }

  @Override
  void opening(Block block, int bytes) {
    requireFree(block, block.position, block.aligned(bytes));
  }

  private void fill(Block block, int from, int bytes, byte value) {
    new BlockBytes(block).fill(physicalOffset(from), physicalOffset(bytes), value);
  }

  private void requireFree(Block block, int from, int bytes) {
    byte other = scrub ? 0 : POISON;
    int at =
        new BlockBytes(block)
            .firstOther(physicalOffset(from), physicalOffset(bytes), POISON, other);
    if (at >= 0) {
      reportLateWrite(block, at);
      fill(block, from, bytes, POISON);
    }
  }

  private static void reportLateWrite(Block block, int at) {
    ArenaByteBuf last = lastAt(block, at / STRETCH);
    BufferHistory history = last == null ? null : last.history();
    logger.error(
        "WRITTEN AFTER RELEASE: {} in {}",
        history == null ? "bytes that were no buffer's" : history,
        block);
  }

  /** The latest handle, of those that the block still has, whose range the byte was in. */
  private static @Nullable ArenaByteBuf lastAt(Block block, int at) {
    ArenaByteBuf last = null;
    for (ArenaByteBuf handle : block.handles) {
      if (handle != null && handle.start <= at && at < handle.start + handle.reserved) {
        last = handle;
      }
    }
    return last;
  }

  // Buffers

  @Override
  void opened(ArenaByteBuf handle) {
    Block block = handle.block;
    handle.offset = block.base + physicalOffset(handle.start);
    handle.history(new BufferHistory(block.arena().host().user(), handle.request, null));
    guard(handle);
    InvariantChecker.checkOwned(block);
    InvariantChecker.check(block);
  }

  @Override
  void resizing(ArenaByteBuf handle) {
    requireGuarded(handle);
  }

  @Override
  void resized(ArenaByteBuf handle, int reserved) {
    int givenUp = reserved - handle.reserved;
    if (givenUp > 0) {
      fill(handle.block, handle.start + handle.reserved, givenUp, POISON);
    }
    guard(handle);
  }

  @Override
  void released(ArenaByteBuf handle) {
    requireGuarded(handle);
    BufferHistory history = handle.history();
    if (history != null) {
      history.released(handle.length);
    }
  }

  @Override
  void freeing(ArenaByteBuf handle) {
    fill(handle.block, handle.start, handle.reserved, POISON);
  }

  @Override
  void freed(Block block) {
    InvariantChecker.check(block);
  }

  private void guard(ArenaByteBuf handle) {
    new BlockBytes(handle.block).fill(end(handle), endOfRedZone(handle) - end(handle), GUARD);
  }

  private int end(ArenaByteBuf handle) {
    return physicalOffset(handle.start) + handle.length;
  }

  private int endOfRedZone(ArenaByteBuf handle) {
    return physicalOffset(handle.start + handle.reserved);
  }

  private void requireGuarded(ArenaByteBuf handle) {
    int end = end(handle);
    int at = new BlockBytes(handle.block).firstOther(end, endOfRedZone(handle) - end, GUARD, GUARD);
    if (at >= 0) {
      reportOverrun(handle, at - physicalOffset(handle.start));
      guard(handle);
    }
  }

  private static void reportOverrun(ArenaByteBuf handle, int at) {
    BufferHistory history = handle.history();
    logger.error(
        "WRITTEN PAST ITS END: byte {} of {} bytes of {}",
        at,
        handle.length,
        history == null ? handle : history);
  }
}
