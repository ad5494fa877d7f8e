package dev.tidepool.allocator;

import java.util.List;

/**
 * What a walk over the connection arenas of an allocator found. Taken without stopping an event
 * loop: each figure is a recent value.
 *
 * @param connections the number of arenas looked at: the open ones, and closed ones in which
 *     something is alive; children included
 * @param liveBuffers the living buffers of all of them
 * @param stragglers the living buffers that outlived their request, of all of them
 * @param first the first of them in the order asked for, at most as many as asked for
 */
public record ConnectionWalk(
    int connections, long liveBuffers, long stragglers, List<ConnectionSnapshot> first) {
  public ConnectionWalk {
    first = List.copyOf(first);
  }
}
