package dev.tidepool.echo.server;

/**
 * The figures of a server's process at one time, as a load reads them before and after.
 *
 * @param pid of the process
 * @param allocator what {@code --allocator} chose
 * @param requests answered so far
 * @param cpuNanos CPU time of the process so far
 * @param loopCpuNanos CPU time of its event-loop threads so far
 * @param javaCpuNanos CPU time of all its Java threads but the asking one, and of collections, so
 *     far: what is left is the compiler's
 * @param residentBytes resident memory, -1 where it is not known
 * @param peakResidentBytes the most so far, -1 where it is not known
 * @param directBytes direct memory upstream, or what a foreign allocator's metric calls used; -1 if
 *     it has none
 * @param heapBytes heap memory upstream, likewise
 * @param openArenas arenas of open connections and of their streams
 * @param stragglers buffers that outlived their requests and are alive; 0 without arenas
 * @param buffersOfClosed buffers alive in connections that are closed, reported as leaked or not; 0
 *     without arenas
 * @param leaks reported so far; 0 without arenas
 * @param gcCount collections so far
 * @param gcNanos time in collections so far
 */
public record ServerFigures(
    long pid,
    String allocator,
    long requests,
    long cpuNanos,
    long loopCpuNanos,
    long javaCpuNanos,
    long residentBytes,
    long peakResidentBytes,
    long directBytes,
    long heapBytes,
    long openArenas,
    long stragglers,
    long buffersOfClosed,
    long leaks,
    long gcCount,
    long gcNanos) {}
