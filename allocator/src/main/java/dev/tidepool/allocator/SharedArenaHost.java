package dev.tidepool.allocator;

import dev.tidepool.allocator.memory.Arena;
import dev.tidepool.allocator.memory.ArenaBudget;
import dev.tidepool.allocator.memory.ArenaByteBuf;
import dev.tidepool.allocator.memory.ArenaHost;
import io.netty.buffer.ByteBufAllocator;

/** The shared allocator, as the arenas see it that belong to no connection. */
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
