package dev.tidepool.allocator;

import java.time.Duration;
import java.util.List;

/**
 * A snapshot of a connection's arena, without its children. Taken without stopping an event loop:
 * each figure is a recent value.
 *
 * <pre>
 *   heldBytes == aliveBytes + releasedBytes + stragglingBytes + freeBytes
 * </pre>
 *
 * @param arena the arena itself
 * @param id a number that no other arena of the process has
 * @param connection what reports call the connection
 * @param child whether it is a part of a connection, such as an HTTP/2 stream
 * @param closed whether it was closed; it is listed as long as something in it is alive
 * @param paused whether it is over its soft budget, so that its handler pauses reading
 * @param age the time since it was opened
 * @param requests the number of requests that ended
 * @param resets the number of resets
 * @param allocatedBytes bytes handed out in all requests that ended
 * @param peakRequestBytes bytes handed out in the request that took most
 * @param peakHeldBytes the most bytes of blocks that it held, as far as was seen
 * @param blocks the number of blocks held
 * @param aliveBytes bytes of buffers alive, of the current request
 * @param releasedBytes bytes of buffers that were released and are not reset yet
 * @param stragglingBytes bytes of buffers alive that outlived their request
 * @param freeBytes bytes of its blocks that no buffer has taken
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
  public ConnectionSnapshot {
    recentRequestBytes = List.copyOf(recentRequestBytes);
  }

  /** Bytes of the blocks held. */
  public long heldBytes() {
    return aliveBytes + releasedBytes + stragglingBytes + freeBytes;
  }
}
