package dev.tidepool.allocator;

import java.util.List;

/**
 * What a walk over the connection arenas of an allocator found. Taken without stopping an event
 * loop: each figure is a recent value, and they need not be of one moment.
 *
 * @param connections the number of arenas looked at: the open ones, and closed ones in which
 *     something is alive; children included
 * @param requests the number of requests that ended, in all arenas that there ever were
 * @param resets the number of resets of all arenas that there ever were
 * @param liveBuffers the living buffers of all of them, stragglers included
 * @param stragglers the living buffers that outlived their request, of all of them
 * @param aliveBytes bytes of living buffers of current requests, of all of them
 * @param stragglingBytes bytes of living buffers that outlived their request, of all of them
 * @param first the first of them in the order asked for, at most as many as asked for
 */
public record ConnectionWalk(
    int connections,
    long requests,
    long resets,
    long liveBuffers,
    long stragglers,
    long aliveBytes,
    long stragglingBytes,
    List<ConnectionSnapshot> first) {}
