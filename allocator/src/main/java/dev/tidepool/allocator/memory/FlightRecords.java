package dev.tidepool.allocator.memory;

import dev.tidepool.allocator.jfr.FlightEvents;

/**
 * The blocks and buffers as Flight Recorder's events describe them. Called on slow paths only: of
 * the buffers, those that the fast paths serve are not told.
 */
final class FlightRecords {
  private FlightRecords() {}

  /** The block came from upstream. */
  static void allocated(Block block) {
    if (FlightEvents.areBlockAllocationsOn()) {
      FlightEvents.blockAllocated(
          block.upstreamMemory().capacity(), placeOf(block), isPooled(block), isOfLoop(block));
    }
  }

  /** The block is about to go upstream. */
  static void freed(Block block) {
    if (FlightEvents.areBlockFreesOn()) {
      FlightEvents.blockFreed(
          block.upstreamMemory().capacity(), placeOf(block), isPooled(block), isOfLoop(block));
    }
  }

  private static FlightEvents.Place placeOf(Block block) {
    return new FlightEvents.Place(block.kind == MemoryKind.DIRECT, block.address());
  }

  private static boolean isPooled(Block block) {
    return block.sizeClass < block.pool.options.sizes().count();
  }

  private static boolean isOfLoop(Block block) {
    return !block.pool.ownership().isByLock();
  }

  /** The buffer was handed out. */
  static void allocated(ArenaByteBuf handle) {
    if (FlightEvents.areBufferAllocationsOn()) {
      FlightEvents.bufferAllocated(capacitiesOf(handle), placeOf(handle));
    }
  }

  /** The buffer's capacity is about to change. Called by its holder. */
  static void resizing(ArenaByteBuf handle, int newCapacity) {
    if (FlightEvents.areReallocationsOn()) {
      FlightEvents.bufferReallocated(capacitiesOf(handle), placeOf(handle), newCapacity);
    }
  }

  /** The buffer's range is about to be free. */
  static void freed(ArenaByteBuf handle) {
    if (FlightEvents.areBufferFreesOn()) {
      FlightEvents.bufferFreed(capacitiesOf(handle), placeOf(handle));
    }
  }

  private static FlightEvents.Capacities capacitiesOf(ArenaByteBuf handle) {
    return new FlightEvents.Capacities(handle.length, handle.reserved, handle.maxCapacity());
  }

  private static FlightEvents.Place placeOf(ArenaByteBuf handle) {
    Block block = handle.block;
    long address = block.address();
    int offset = block.pool.hooks.physicalOffset(handle.start);
    return new FlightEvents.Place(
        block.kind == MemoryKind.DIRECT, address == 0 ? 0 : address + offset);
  }
}
