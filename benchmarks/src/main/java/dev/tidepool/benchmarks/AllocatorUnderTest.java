package dev.tidepool.benchmarks;

import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.allocator.ConnectionArena;
import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.internal.ThreadExecutorMap;

/** What every suite runs over, each with its own defaults. */
public enum AllocatorUnderTest {
  CONNECTION {
    @Override
    ByteBufAllocator create() {
      return ArenaByteBufAllocator.builder().build().newConnectionArena(currentEventLoop());
    }

    @Override
    void endRequest(ByteBufAllocator allocator) {
      ((ConnectionArena) allocator).reset();
    }
  },
  ARENA {
    @Override
    ByteBufAllocator create() {
      return ArenaByteBufAllocator.builder().build();
    }
  },
  POOLED {
    @Override
    ByteBufAllocator create() {
      return new PooledByteBufAllocator(true);
    }
  },
  ADAPTIVE {
    @Override
    ByteBufAllocator create() {
      return new AdaptiveByteBufAllocator();
    }
  },
  UNPOOLED {
    @Override
    ByteBufAllocator create() {
      return new UnpooledByteBufAllocator(true);
    }
  };

  /** A fresh one, for the calling event-loop thread. */
  abstract ByteBufAllocator create();

  /** What marks the end of a request for this allocator: for all but one of them, nothing. */
  void endRequest(ByteBufAllocator allocator) {}

  private static EventExecutor currentEventLoop() {
    EventExecutor executor = ThreadExecutorMap.currentExecutor();
    if (executor == null) {
      throw new IllegalStateException(
          "thread: %s (expected: an event loop's, see EventLoopThreads)"
              .formatted(Thread.currentThread()));
    }
    return executor;
  }
}
