package dev.tidepool.benchmarks.suites;

import static dev.tidepool.benchmarks.AllocatorUnderTest.ADAPTIVE;
import static dev.tidepool.benchmarks.LeakDetection.DISABLED;

import dev.tidepool.benchmarks.Figures;
import dev.tidepool.benchmarks.SizeMix;
import dev.tidepool.benchmarks.Suite;
import dev.tidepool.benchmarks.Target;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Arrays;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** What it costs to replace living buffers at random. */
@Suite(
    title = "Random victim",
    operation =
        "One operation releases a random one of the living buffers and allocates another. No"
            + " request ever ends: the worst case for an arena. The limit is the same draws, and"
            + " the victim put in its own place.",
    quick = {"living=1024", "sizes=SOCKET_PROXY"})
@Target(atLeast = 2, than = ADAPTIVE)
@Target(figure = RandomVictimBenchmark.HELD_IN_THE_END, atLeast = 1, than = ADAPTIVE)
@Target(at = DISABLED, atLeast = 1.5, than = ADAPTIVE)
public class RandomVictimBenchmark extends EventLoopSuite {
  static final String HELD_IN_THE_END = "bytes held upstream when an iteration ended";
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
  public void weigh() {
    Figures.add("", HELD_IN_THE_END, Figures.BYTES, subject.heldBytes());
  }

  @TearDown
  public void releaseAll() {
    for (ByteBuf buffer : buffers) {
      buffer.release();
    }
  }

  /**
   * The victim, whose object no allocator can do without looking at, is the buffer in its place.
   */
  public static class Limit extends EventLoopBenchmark {
    @Param({"128", "1024", "8192"})
    public int living;

    @Param public SizeMix sizes;

    private int[] drawn;
    private ByteBuf[] buffers;
    private int next;
    private RandomSlots victims;

    @Setup
    public void prepare() {
      drawn = sizes.draw(SIZES, SEED);
      buffers = new ByteBuf[living];
      victims = new RandomSlots(living);
      int largest = Arrays.stream(drawn).max().orElseThrow();
      ByteBuf memory = new UnpooledByteBufAllocator(true, true).directBuffer(largest); // unsampled
      Arrays.setAll(buffers, slot -> memory.duplicate());
    }

    @Benchmark
    public ByteBuf replaceOne() {
      int size = drawn[next++ & (SIZES - 1)];
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
}
