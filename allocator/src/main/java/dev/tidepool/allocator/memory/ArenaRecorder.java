package dev.tidepool.allocator.memory;

import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The recorder of one user's events: it numbers the user's blocks and buffers, and tells a {@link
 * Sink} what happens to them.
 *
 * <p>While an arena is recorded its blocks have no {@code owner}, so each allocation and release
 * takes the slow path, which comes by here. Without a recording the fast paths know nothing of it.
 *
 * <pre>
 *   block.recorder == r    implies  block.owner == null
 *   block.recorder == r    while r's arena holds the block, and after that until another arena
 *                          leases it, or it goes upstream
 *   blocks                 those with block.recorder == this, while this is open
 *   buffers                the occupied slots of the held ones, but for what a growth copies from
 * </pre>
 *
 * <p>Thread-safe: the owners of several pools note events, and so do the holders of buffers that
 * change their length. The lock is held for a few instructions, never with another taken in it.
 */
public final class ArenaRecorder {
  private static final int NO_NUMBER = 0;

  private final Sink sink;
  private final IdentityHashMap<Block, Integer> blocks = new IdentityHashMap<>();
  private final IdentityHashMap<ArenaByteBuf, Integer> buffers = new IdentityHashMap<>();
  private int lastBlock;
  private int lastBuffer;
  private boolean isAfterReset;
  private volatile boolean closed;

  /** What happened. */
  public enum Kind {
    LEASE,
    ALLOCATE,
    GROW,
    RELEASE,
    SWEEP,
    RESET,
    STRAGGLE,
    GIVE_BACK,
    TRIM
  }

  /**
   * An event of one block or buffer, or of none.
   *
   * @param block its number, or 0 if the event is of no block
   * @param offset in bytes from the block's start
   * @param length in bytes
   * @param buffer its number, or 0 if the event is of no buffer
   * @param request of the buffer, or {@link #CURRENT_REQUEST}
   */
  public record Event(
      Kind kind,
      int block,
      int blockBytes,
      boolean direct,
      int offset,
      int length,
      int buffer,
      int request) {
    /** The request of an event that no request's buffer is part of. */
    public static final int CURRENT_REQUEST = ArenaByteBuf.OF_NO_REQUEST;
  }

  /** The receiver of events. */
  public interface Sink {
    /** Called by the thread that did it, one thread at a time, under a lock: it must be quick. */
    void note(Event event);
  }

  public ArenaRecorder(Sink sink) {
    this.sink = sink;
  }

  /** Ends the recording: from now on nothing is noted. Any thread. */
  public synchronized void close() {
    closed = true;
    blocks.clear();
    buffers.clear();
  }

  public boolean isClosed() {
    return closed;
  }

  // The blocks recorded

  /** Has {@code to}, or no recorder, note what happens to {@code block}. For the owner. */
  static void handOver(Block block, @Nullable ArenaRecorder to) {
    ArenaRecorder from = block.recorder;
    if (from != null) {
      from.forget(block);
    }
    block.recorder = to;
    block.owner = to == null ? block.pool.ownerOfBlocks() : null;
  }

  /** Returns this recorder's idle and held blocks in {@code pool} to no recorder. For the owner. */
  public void leave(BlockPool pool) {
    pool.forEachBlock(
        block -> {
          if (block.recorder == this) {
            handOver(block, null);
          }
        });
  }

  private synchronized void forget(Block block) {
    blocks.remove(block);
  }

  /** Begins with a block that is held already, and with its occupied slots. For the owner. */
  void found(Block block) {
    leased(block);
    for (int slot = 0; slot < block.nextSlot; slot++) {
      if (block.handles[slot].isOccupied()) {
        allocated(block.handles[slot]);
      }
    }
  }

  // Events of blocks; for the owner

  void leased(Block block) {
    note(Kind.LEASE, block, 0, block.capacity);
  }

  /** The gaps between living buffers were found, and the block bumps in the first large enough. */
  void swept(Block block) {
    note(Kind.SWEEP, block, block.position, block.limit - block.position);
  }

  void gaveBack(Block block) {
    note(Kind.GIVE_BACK, block, 0, block.capacity);
  }

  /** The block goes back upstream. */
  void trimmed(Block block) {
    note(Kind.TRIM, block, 0, block.capacity);
    handOver(block, null);
  }

  private synchronized void note(Kind kind, Block block, int offset, int length) {
    if (!closed) {
      tell(kind, block, offset, length, NO_NUMBER, Event.CURRENT_REQUEST);
    }
  }

  // Events of buffers; for the owner, but for a growth

  synchronized void allocated(ArenaByteBuf handle) {
    if (!closed) {
      buffers.put(handle, ++lastBuffer);
      tell(Kind.ALLOCATE, handle, lastBuffer);
    }
  }

  /** The buffer has another length or place. Called by its holder. */
  void grew(ArenaByteBuf handle) {
    note(Kind.GROW, handle);
  }

  void straggles(ArenaByteBuf handle) {
    note(Kind.STRAGGLE, handle);
  }

  /** The buffer's range is about to be free. */
  synchronized void released(ArenaByteBuf handle) {
    Integer number = buffers.remove(handle);
    if (number != null && !closed) {
      tell(Kind.RELEASE, handle, number);
    }
  }

  /** Another handle stands in the buffer's slot from now on. */
  synchronized void replaced(ArenaByteBuf handle, ArenaByteBuf standIn) {
    Integer number = buffers.remove(handle);
    if (number != null) {
      buffers.put(standIn, number);
    }
  }

  private synchronized void note(Kind kind, ArenaByteBuf handle) {
    Integer number = buffers.get(handle);
    if (number != null && !closed) {
      tell(kind, handle, number);
    }
  }

  private void tell(Kind kind, ArenaByteBuf handle, int number) {
    int length = Math.min(handle.length, handle.reserved); // longer if its bytes are elsewhere
    tell(kind, handle.block, handle.start, length, number, handle.request);
  }

  // Events of the whole

  /** Request {@code number} ends. A reset after which nothing has happened is not noted. */
  public synchronized void reset(int number) {
    if (!closed && !isAfterReset) {
      sink.note(new Event(Kind.RESET, NO_NUMBER, 0, false, 0, 0, NO_NUMBER, number));
      isAfterReset = true;
    }
  }

  private void tell(Kind kind, Block block, int offset, int length, int buffer, int request) {
    isAfterReset = false;
    sink.note(
        new Event(
            kind,
            numberOf(block),
            block.capacity,
            block.kind == MemoryKind.DIRECT,
            offset,
            length,
            buffer,
            request));
  }

  private int numberOf(Block block) {
    return blocks.computeIfAbsent(block, unknown -> ++lastBlock);
  }
}
