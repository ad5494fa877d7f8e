package dev.tidepool.allocator;

/**
 * An event in the life of a connection's arena; see {@link ConnectionArena#recordEvents}.
 *
 * @param sequence the event's number in its recording; the first is 1
 * @param nanos nanoseconds since the recording began; never less than the event's before
 * @param kind what happened
 * @param block the block's number, from 1: the same as long as this connection's arena holds the
 *     block, and if the next to lease it is this arena again; 0 for {@code RESET}
 * @param blockBytes the block's size in bytes; 0 for {@code RESET}
 * @param direct whether the block's memory is direct; false for {@code RESET}
 * @param offset where in the block, in bytes from its start
 * @param length bytes: the buffer's capacity, the block's size or, for {@code SWEEP}, those of the
 *     gap to allocate in next
 * @param buffer the buffer's number, from 1: each allocation has its own; 0 if the event is of no
 *     buffer
 * @param request the request that the buffer was allocated in; of other events the one under way
 * @param thread the name of the thread that did it. A buffer that another thread releases is
 *     released for the arena when the event loop next looks, so this names the event loop
 */
public record ArenaEvent(
    long sequence,
    long nanos,
    Kind kind,
    int block,
    int blockBytes,
    boolean direct,
    int offset,
    int length,
    int buffer,
    int request,
    String thread) {

  /** What happened. */
  public enum Kind {
    /** The arena leases a block, an idle one of its event loop or a new one from upstream. */
    LEASE,

    /**
     * A buffer is handed out. A buffer that grows on another thread than the event loop keeps its
     * range until it is released, and its bytes move to a second one, which counts as a buffer.
     */
    ALLOCATE,

    /** A buffer has another capacity, larger or smaller, and perhaps another place. */
    GROW,

    /** A buffer's range is free again. */
    RELEASE,

    /**
     * A full block was looked through for free ranges between its living buffers. The length is 0
     * if none was large enough.
     */
    SWEEP,

    /**
     * A request ends. The {@code STRAGGLE} and {@code GIVE_BACK} of this reset follow. A reset
     * after which nothing has happened until the next is not followed by that.
     */
    RESET,

    /** A buffer is alive at a reset. */
    STRAGGLE,

    /** The arena gives a block, with nothing alive in it, back to its event loop. */
    GIVE_BACK,

    /** A block that the arena held last goes back upstream. */
    TRIM
  }
}
