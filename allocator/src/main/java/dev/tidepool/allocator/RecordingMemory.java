package dev.tidepool.allocator;

import dev.tidepool.allocator.memory.ArenaByteBuf;
import dev.tidepool.allocator.memory.BufferStory;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The arenas behind a connection of whose buffers it is recorded where they come from. */
final class RecordingMemory extends ConnectionMemory {
  /** As Netty's: one in so many. */
  private static final int SAMPLING_INTERVAL = 128;

  private final boolean all;

  RecordingMemory(
      ConnectionArena connection,
      ArenaByteBufAllocator shared,
      EventExecutor executor,
      @Nullable ConnectionBudget budget) {
    super(connection, shared, executor, budget);
    this.all = shared.options().recording() == Recording.ALL;
  }

  @Override
  ArenaByteBuf allocateDirect(int length, int maxCapacity) {
    return recorded(super.allocateDirect(length, maxCapacity));
  }

  @Override
  ArenaByteBuf allocateHeap(int length, int maxCapacity) {
    return recorded(super.allocateHeap(length, maxCapacity));
  }

  @Override
  ArenaByteBuf allocateToRead(int least, int wanted) {
    return recorded(super.allocateToRead(least, wanted));
  }

  private ArenaByteBuf recorded(ArenaByteBuf buffer) {
    if (all || ThreadLocalRandom.current().nextInt(SAMPLING_INTERVAL) == 0) {
      BufferStory.record(buffer);
    } else {
      BufferStory.recordNothing(buffer);
    }
    return buffer;
  }
}
