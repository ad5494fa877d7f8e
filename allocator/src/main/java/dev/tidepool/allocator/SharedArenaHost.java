package dev.tidepool.allocator;

import dev.tidepool.allocator.memory.Arena;
import dev.tidepool.allocator.memory.ArenaBudget;
import dev.tidepool.allocator.memory.ArenaByteBuf;
import dev.tidepool.allocator.memory.ArenaHost;
import io.netty.buffer.ByteBufAllocator;

/** The host that arenas of no connection call: the shared allocator. */
record SharedArenaHost(ArenaByteBufAllocator shared) implements ArenaHost {
  @Override
  public Object user() {
    return "the shared allocator";
  }

  @Override
  public ByteBufAllocator allocator() {
    return shared;
  }

  @Override
  public ArenaByteBuf allocateElsewhere(Arena arena, int length) {
    return shared.allocateInLane(arena.kind(), length, length);
  }

  @Override
  public ArenaBudget budget() {
    return shared.budget();
  }
}
