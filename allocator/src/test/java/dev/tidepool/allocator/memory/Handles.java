package dev.tidepool.allocator.memory;

import io.netty.buffer.ByteBuf;

/** A look at handles, for tests in other packages. */
public final class Handles {
  private Handles() {}

  /** Whether a buffer is an arena's handle without a wrapper, and no block refers to it. */
  public static boolean isWithoutSlot(ByteBuf buffer) {
    return buffer instanceof ArenaByteBuf handle && handle.slot == ArenaByteBuf.NO_SLOT;
  }
}
