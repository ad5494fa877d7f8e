package dev.tidepool.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Arrays;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The limit of {@link RandomVictimBenchmark}: the same victims and sizes, but the victim, whose
 * object no allocator can do without looking at, is the buffer that comes in its place. Nothing is
 * allocated or released.
 */
@State(Scope.Thread)
public class RandomVictimWithoutAllocatorBenchmark extends EventLoopBenchmark {
  @Param({"128", "1024", "8192"})
  public int living;

  @Param public SizeMix sizes;

  private int[] drawn;
  private ByteBuf[] buffers;
  private int next;
  private RandomSlots victims;

  @Setup
  public void prepare() {
    drawn = sizes.draw(RandomVictimBenchmark.SIZES, RandomVictimBenchmark.SEED);
    buffers = new ByteBuf[living];
    victims = new RandomSlots(living);
    int largest = Arrays.stream(drawn).max().orElseThrow();
    ByteBuf memory = new UnpooledByteBufAllocator(true, true).directBuffer(largest); // unsampled
    Arrays.setAll(buffers, slot -> memory.duplicate());
  }

  @Benchmark
  public ByteBuf replaceOneWithoutAllocator() {
    int size = drawn[next++ & (RandomVictimBenchmark.SIZES - 1)];
    int victim = victims.next();
    ByteBuf buffer = buffers[victim].setIndex(0, size);
    buffers[victim] = buffer;
    return buffer;
  }

  @TearDown
  public void releaseAll() {
    buffers[0].release();
  }
}
