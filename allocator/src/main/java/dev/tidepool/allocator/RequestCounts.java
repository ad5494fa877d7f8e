package dev.tidepool.allocator;

/**
 * The layer of a {@link ConnectionArena} that counts its requests and their bytes, at the end of
 * each. Only the event loop writes; other threads read a recent value.
 *
 * <p>The layers, {@link ArenaIdentity}, {@code RequestCounts}, {@link ArenaRouter}, {@link
 * ArenaAllocations}, {@link ConnectionAllocator} and {@code ConnectionArena}, are one object,
 * because every idle connection keeps it: four objects took half as much heap again. The
 * benchmarks' Idle suite measures it.
 */
abstract class RequestCounts extends ArenaIdentity {
  private long requests;
  private long resets;
  private long allocatedBytes;
  private long peakRequestBytes;
  private long peakHeldBytes;

  /** Counts a reset, and the end of a request if that was handed out any bytes. */
  final void countReset(long bytes) {
    resets++;
    if (bytes > 0) {
      requests++;
      allocatedBytes += bytes;
      peakRequestBytes = Math.max(peakRequestBytes, bytes);
    }
  }

  /** Notes the most bytes of blocks that arenas held for it which it gives back. */
  final void notePeakHeld(long bytes) {
    peakHeldBytes = Math.max(peakHeldBytes, bytes);
  }

  /** The most that was noted. */
  final long peakHeldNoted() {
    return peakHeldBytes;
  }

  final long requests() {
    return requests;
  }

  final long resets() {
    return resets;
  }

  final long allocatedBytes() {
    return allocatedBytes;
  }

  final long peakRequestBytes() {
    return peakRequestBytes;
  }
}
