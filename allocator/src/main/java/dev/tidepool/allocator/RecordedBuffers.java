package dev.tidepool.allocator;

import dev.tidepool.allocator.memory.ArenaByteBuf;
import dev.tidepool.allocator.memory.BufferHistory;
import java.util.concurrent.ThreadLocalRandom;

/** The recorder of where a connection's buffers are allocated. */
final class RecordedBuffers {
  /** One buffer in this many, as Netty samples. */
  private static final int SAMPLING_INTERVAL = 128;

  private RecordedBuffers() {}

  /** Records {@code buffer}, which was just allocated, or that it is not recorded. */
  static void note(ArenaByteBuf buffer, Recording recording) {
    if (recording == Recording.ALL || ThreadLocalRandom.current().nextInt(SAMPLING_INTERVAL) == 0) {
      BufferHistory.record(buffer);
    } else {
      BufferHistory.recordNothing(buffer);
    }
  }
}
