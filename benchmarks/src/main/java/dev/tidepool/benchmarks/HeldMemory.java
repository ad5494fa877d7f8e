package dev.tidepool.benchmarks;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A second result beside the time: what the allocator held when an iteration ended. */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.EVENTS)
public class HeldMemory {
  /** Bytes held from the system, by the allocator's own account. */
  public double heldBytes;

  /** Bytes of the buffers that were alive. */
  public double livingBytes;
}
