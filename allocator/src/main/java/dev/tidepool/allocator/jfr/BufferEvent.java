package dev.tidepool.allocator.jfr;

import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.MemoryAddress;

/** The fields of a buffer's events. */
abstract class BufferEvent extends Event {
  @Label("Size")
  @Description("The buffer's capacity")
  @DataAmount
  int size;

  @Label("Max fast capacity")
  @Description("The capacity that it can grow to without moving")
  @DataAmount
  int maxFastCapacity;

  @Label("Max capacity")
  @Description("The capacity that it can grow to")
  @DataAmount
  int maxCapacity;

  @Label("Direct")
  @Description("Is it off the Java heap?")
  boolean direct;

  @Label("Address")
  @Description("Where it starts, if it is direct and its address is known")
  @MemoryAddress
  long address;

  final void fill(FlightEvents.Capacities capacities, FlightEvents.Place place) {
    this.size = capacities.size();
    this.maxFastCapacity = capacities.maxFast();
    this.maxCapacity = capacities.max();
    this.direct = place.direct();
    this.address = place.address();
  }
}
