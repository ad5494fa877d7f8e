package dev.tidepool.benchmarks;

import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.allocator.ConnectionArena;
import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetric;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.internal.ThreadExecutorMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** What every suite runs over, each with its own defaults. */
public enum AllocatorUnderTest {
  CONNECTION {
    @Override
    ByteBufAllocator create(EventExecutor loop) {
      ArenaByteBufAllocator shared = ArenaByteBufAllocator.builder().build();
      ConnectionArena arena = shared.newConnectionArena(loop);
      SHARED.put(arena, shared);
      return arena;
    }

    @Override
    void endRequest(ByteBufAllocator allocator) {
      ((ConnectionArena) allocator).reset();
    }

    @Override
    void received(ByteBuf buffer, int bytes) {
      buffer.capacity(bytes);
    }

    @Override
    ByteBufAllocatorMetric metric(ByteBufAllocator allocator) {
      return Objects.requireNonNull(SHARED.get(allocator), "shared").metric();
    }
  },
  ARENA {
    @Override
    ByteBufAllocator create(EventExecutor loop) {
      return ArenaByteBufAllocator.builder().build();
    }
  },
  POOLED {
    @Override
    ByteBufAllocator create(EventExecutor loop) {
      return new PooledByteBufAllocator(true);
    }
  },
  ADAPTIVE {
    @Override
    ByteBufAllocator create(EventExecutor loop) {
      return new AdaptiveByteBufAllocator();
    }
  },
  UNPOOLED {
    @Override
    ByteBufAllocator create(EventExecutor loop) {
      return new UnpooledByteBufAllocator(true);
    }
  };

  /** The shared allocator of each connection's arena made here: it knows what upstream gave. */
  private static final Map<ByteBufAllocator, ArenaByteBufAllocator> SHARED =
      new ConcurrentHashMap<>();

  /** A fresh one; a connection's arena lives on {@code loop}. */
  abstract ByteBufAllocator create(EventExecutor loop);

  /** A fresh one, for the calling event-loop thread. */
  final ByteBufAllocator create() {
    return create(currentEventLoop());
  }

  /** What marks the end of a request for this allocator: for all but one of them, nothing. */
  void endRequest(ByteBufAllocator allocator) {}

  /**
   * What happens to a read buffer when {@code bytes} have arrived in it. A connection's handler
   * trims it; Netty by itself does not, so that no other allocator is made to pay for it.
   */
  void received(ByteBuf buffer, int bytes) {}

  /** The bytes that {@code allocator} holds from the system, by its own account. */
  final long heldBytes(ByteBufAllocator allocator) {
    ByteBufAllocatorMetric metric = metric(allocator);
    return metric.usedDirectMemory() + metric.usedHeapMemory();
  }

  ByteBufAllocatorMetric metric(ByteBufAllocator allocator) {
    return ((ByteBufAllocatorMetricProvider) allocator).metric();
  }

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
