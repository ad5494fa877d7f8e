package dev.tidepool.allocator;

import io.netty.buffer.AbstractByteBufAllocator;

/**
 * The layer of a {@link ConnectionArena} that adds up what its requests did, at the end of each.
 * Written by the event loop only; others see a recent value.
 *
 * <p>The layers, {@code RequestCounts}, {@link ArenaRouter}, {@link ConnectionAllocator} and {@code
 * ConnectionArena}, are one object since every idle connection keeps it: as four they took half as
 * much heap again. The benchmarks' Idle suite measures it.
 */
abstract class RequestCounts extends AbstractByteBufAllocator {
  private long requests;
  private long resets;
  private long allocatedBytes;
  private long peakRequestBytes;

  RequestCounts(boolean preferDirect) {
    super(preferDirect);
  }

  /** A reset, and the end of a request if that was handed out any bytes. */
  final void countReset(long bytes) {
    resets++;
    if (bytes > 0) {
      requests++;
      allocatedBytes += bytes;
      peakRequestBytes = Math.max(peakRequestBytes, bytes);
    }
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
