package dev.tidepool.allocator;

import java.time.Duration;
import java.util.List;

/**
 * A snapshot of a connection's arena, without its children.
 *
 * <pre>
 *   heldBytes == aliveBytes + releasedBytes + stragglingBytes + freeBytes
 * </pre>
 *
 * <p>Taken on the connection's event loop it is exact, except for what other threads allocated.
 * Taken elsewhere, no event loop waits for it, and it waits for none: then each figure is a recent
 * value, a block that changes hands meanwhile may be missing, and the figures need not be of one
 * moment. None is negative, none is another connection's, and {@code heldBytes} is their sum
 * always. Of very many buffers in one walk some are looked at, and stand for all; see {@link
 * ArenaByteBufAllocator#connections}.
 *
 * <p>Bytes of buffers are what they take of their blocks: their capacity, rounded up to the
 * allocator's alignment.
 *
 * @param arena the arena itself
 * @param id a number that no other arena of the process has, below 2^53; the later one was opened,
 *     the greater it is
 * @param connection what reports call the connection
 * @param child whether it is a part of a connection, such as an HTTP/2 stream
 * @param closed whether it was closed; it is listed as long as something in it is alive, all of
 *     which is straggling
 * @param paused whether it is over its soft budget, so that its handler pauses reading
 * @param age the time since it was opened
 * @param requests the number of requests that ended
 * @param resets the number of resets
 * @param allocatedBytes bytes handed out in all requests that ended
 * @param peakRequestBytes bytes handed out in the request that took most
 * @param peakHeldBytes the most bytes of blocks that it held at once; see {@link
 *     ConnectionArenaMetric#peakHeldBytes}
 * @param blocks the number of blocks held
 * @param aliveBytes bytes of buffers alive, of the current request
 * @param releasedBytes bytes of buffers that were released, and that no buffer can take before a
 *     reset or a sweep
 * @param stragglingBytes bytes of buffers alive that outlived their request
 * @param freeBytes bytes of its blocks that the next buffers can take
 * @param overflowBytes bytes that count against no budget
 * @param liveBuffers the number of buffers alive, stragglers included
 * @param stragglers the number of buffers that outlived their request
 * @param refusals the number of allocations that a budget refused
 * @param pauses the number of times that pressure began
 * @param recentRequestBytes bytes handed out in each of at most 64 recent requests, the oldest
 *     first; those since {@link ConnectionArena#watch()} was first called
 */
public record ConnectionSnapshot(
    ConnectionArena arena,
    long id,
    String connection,
    boolean child,
    boolean closed,
    boolean paused,
    Duration age,
    long requests,
    long resets,
    long allocatedBytes,
    long peakRequestBytes,
    long peakHeldBytes,
    int blocks,
    long aliveBytes,
    long releasedBytes,
    long stragglingBytes,
    long freeBytes,
    long overflowBytes,
    int liveBuffers,
    int stragglers,
    long refusals,
    long pauses,
    List<Long> recentRequestBytes) {
  /** {@return bytes of the blocks held} */
  public long heldBytes() {
    return aliveBytes + releasedBytes + stragglingBytes + freeBytes;
  }
}
