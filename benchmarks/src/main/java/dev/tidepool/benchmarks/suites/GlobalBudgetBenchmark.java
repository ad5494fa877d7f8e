package dev.tidepool.benchmarks.suites;

import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.allocator.ConnectionArena;
import dev.tidepool.benchmarks.EventLoopThreads;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What budgets cost: a request of {@value #BUFFERS} direct buffers and one on the heap, which ends,
 * on each of one or two event loops, with a connection each. All draw on one allocator; what is far
 * from any limit should be told from what has none by its own connection's account only.
 */
@Warmup(iterations = 8, time = 300, timeUnit = TimeUnit.MILLISECONDS)
public class GlobalBudgetBenchmark extends EventLoopBenchmark {
  static final int BUFFERS = 8;
  private static final int SIZE = 512;
  private static final long GIB = 1L << 30;

  /** What is bounded. */
  public enum Bounded {
    NOTHING,
    CONNECTIONS,
    ALL_TOGETHER;

    ArenaByteBufAllocator create() {
      ArenaByteBufAllocator.Builder builder = ArenaByteBufAllocator.builder();
      return switch (this) {
        case NOTHING -> builder.build();
        case CONNECTIONS -> builder.hardBudget(GIB).build();
        case ALL_TOGETHER -> builder.globalBudget(GIB).build();
      };
    }
  }

  /** The allocator that all loops share. */
  @State(Scope.Benchmark)
  public static class Shared {
    @Param public Bounded bounded;

    private ArenaByteBufAllocator allocator;

    @Setup
    public void create() {
      allocator = bounded.create();
    }
  }

  /** An event loop's connection. */
  @State(Scope.Thread)
  public static class Connection {
    private final ByteBuf[] buffers = new ByteBuf[BUFFERS];
    private ConnectionArena arena;

    @Setup
    public void open(Shared shared) {
      arena = shared.allocator.newConnectionArena(EventLoopThreads.current());
    }

    int request() {
      for (int i = 0; i < BUFFERS; i++) {
        buffers[i] = arena.directBuffer(SIZE);
      }
      ByteBuf onHeap = arena.heapBuffer(SIZE);
      for (ByteBuf buffer : buffers) {
        buffer.release();
      }
      int capacity = onHeap.capacity();
      onHeap.release();
      arena.reset();
      return capacity;
    }

    @TearDown
    public void close() {
      arena.close();
    }
  }

  @Benchmark
  @Threads(1)
  public int oneLoop(Connection connection) {
    return connection.request();
  }

  @Benchmark
  @Threads(2)
  public int twoLoops(Connection connection) {
    return connection.request();
  }
}
