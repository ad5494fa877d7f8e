package dev.tidepool.allocator;

import dev.tidepool.allocator.memory.ArenaByteBuf;
import dev.tidepool.allocator.memory.BufferHistory;
import java.util.concurrent.ThreadLocalRandom;

/** Notes of a connection's buffers where they come from. */
final class RecordedBuffers {
  /** As Netty's: one in so many. */
  private static final int SAMPLING_INTERVAL = 128;

  private RecordedBuffers() {}

  /** {@code buffer} was just allocated, by an allocator that records. */
  static void note(ArenaByteBuf buffer, Recording recording) {
    if (recording == Recording.ALL || ThreadLocalRandom.current().nextInt(SAMPLING_INTERVAL) == 0) {
      BufferHistory.record(buffer);
    } else {
      BufferHistory.recordNothing(buffer);
    }
  }
}
