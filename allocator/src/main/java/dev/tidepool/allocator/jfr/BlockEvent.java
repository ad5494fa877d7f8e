package dev.tidepool.allocator.jfr;

import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.MemoryAddress;

/** The fields of a block's events. */
abstract class BlockEvent extends Event {
  @Label("Capacity")
  @Description("Bytes taken from upstream")
  @DataAmount
  int capacity;

  @Label("Direct")
  @Description("Is it off the Java heap?")
  boolean direct;

  @Label("Address")
  @Description("Where it starts, if it is direct and its address is known")
  @MemoryAddress
  long address;

  @Label("Pooled")
  @Description("Is it of a size class, and kept when idle, or made for one buffer?")
  boolean pooled;

  @Label("Thread-local")
  @Description("Is it of the pool of one event loop?")
  boolean threadLocal;

  final void fill(int capacity, FlightEvents.Place place, boolean pooled, boolean threadLocal) {
    this.capacity = capacity;
    this.direct = place.direct();
    this.address = place.address();
    this.pooled = pooled;
    this.threadLocal = threadLocal;
  }
}
