package dev.tidepool.allocator;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.time.Duration;

/** Connections of one allocator, on an executor that takes every actor for its event loop. */
final class StressConnections {
  private static final ArenaByteBufAllocator SHARED =
      ArenaByteBufAllocator.builder()
          .upstream(new UnpooledByteBufAllocator(false, true))
          .minBlockSize(1024)
          .trimInterval(Duration.ZERO)
          .build();
  private static final EventExecutor LOOP = ImmediateEventExecutor.INSTANCE;

  private StressConnections() {}

  static ArenaRouter memory() {
    return new ConnectionArena(SHARED, LOOP, "a connection", null);
  }

  /** Drains and empties the lanes. */
  static void trim() {
    SHARED.trim();
  }
}
