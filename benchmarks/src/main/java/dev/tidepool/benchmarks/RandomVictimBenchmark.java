package dev.tidepool.benchmarks;

import io.netty.buffer.ByteBuf;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Releases a random one of the living buffers and allocates another in its place. No request ever
 * ends: the worst case for an arena.
 */
@State(Scope.Thread)
public class RandomVictimBenchmark extends EventLoopSuite {
  static final int SIZES = 1 << 16;
  static final long SEED = 20131;

  @Param({"128", "1024", "8192"})
  public int living;

  @Param public SizeMix sizes;

  private int[] drawn;
  private ByteBuf[] buffers;
  private int next;
  private RandomSlots victims;

  @Override
  void prepare() {
    drawn = sizes.draw(SIZES, SEED);
    buffers = new ByteBuf[living];
    victims = new RandomSlots(living);
    for (int i = 0; i < living; i++) {
      buffers[i] = alloc.directBuffer(nextSize());
    }
  }

  @Benchmark
  public ByteBuf replaceOne() {
    int victim = victims.next();
    buffers[victim].release();
    ByteBuf buffer = alloc.directBuffer(nextSize());
    buffers[victim] = buffer;
    return buffer;
  }

  private int nextSize() {
    return drawn[next++ & (SIZES - 1)];
  }

  @TearDown(Level.Iteration)
  public void weigh(HeldMemory held) {
    held.heldBytes = allocator.heldBytes(alloc);
    held.livingBytes = 0;
    for (ByteBuf buffer : buffers) {
      held.livingBytes += buffer.capacity();
    }
  }

  @TearDown
  public void releaseAll() {
    for (ByteBuf buffer : buffers) {
      buffer.release();
    }
  }
}
