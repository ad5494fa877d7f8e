package dev.tidepool.benchmarks.suites;

import static dev.tidepool.benchmarks.AllocatorUnderTest.ADAPTIVE;
import static dev.tidepool.benchmarks.LeakDetection.DISABLED;

import dev.tidepool.benchmarks.Suite;
import dev.tidepool.benchmarks.Target;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Arrays;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** What it costs that a buffer doubles up to its target; among others no request ends. */
@Suite(
    title = "Grow",
    operation =
        "One operation writes to a buffer of 256 B until it has doubled up to the target. Alone, it"
            + " is then released and its request ends; among 2,048 it takes a random one's place."
            + " The limit is the same bytes in the same steps into buffers that are as large"
            + " beforehand.",
    quick = {"target=16384", "others=0"})
@Target(atLeast = 3, than = ADAPTIVE)
@Target(at = DISABLED, atLeast = 3, than = ADAPTIVE)
public class GrowBenchmark extends EventLoopSuite {
  private static final int FIRST = 256;

  @Param({"4096", "16384", "65536"})
  public int target;

  @Param({"0", "2048"})
  public int others;

  private byte[] bytes;
  private ByteBuf[] buffers;
  private RandomSlots victims;

  @Override
  void prepare() {
    bytes = new byte[target / 2];
    buffers = new ByteBuf[others];
    victims = new RandomSlots(others);
    for (int i = 0; i < others; i++) {
      buffers[i] = grown();
    }
  }

  @Benchmark
  public ByteBuf grow() {
    return others == 0 ? growAlone() : growAmongOthers();
  }

  private ByteBuf growAlone() {
    ByteBuf buffer = grown();
    buffer.release();
    endRequest();
    return buffer;
  }

  private ByteBuf growAmongOthers() {
    int victim = victims.next();
    buffers[victim].release();
    ByteBuf buffer = grown();
    buffers[victim] = buffer;
    return buffer;
  }

  private ByteBuf grown() {
    return write(alloc.directBuffer(FIRST), bytes, target);
  }

  /** Each write is as long as all before it together. */
  static ByteBuf write(ByteBuf buffer, byte[] bytes, int target) {
    buffer.writeBytes(bytes, 0, FIRST);
    for (int size = FIRST; size < target; size *= 2) {
      buffer.writeBytes(bytes, 0, size);
    }
    return buffer;
  }

  @TearDown
  public void releaseAll() {
    for (ByteBuf buffer : buffers) {
      buffer.release();
    }
  }

  /** Into a buffer that is as large beforehand; among others, into a random one of them. */
  public static class Limit extends EventLoopBenchmark {
    @Param({"4096", "16384", "65536"})
    public int target;

    @Param({"0", "2048"})
    public int others;

    private byte[] bytes;
    private ByteBuf[] buffers;
    private RandomSlots slots;

    @Setup
    public void prepare() {
      ByteBufAllocator unsampled = new UnpooledByteBufAllocator(true, true);
      bytes = new byte[target / 2];
      buffers = new ByteBuf[Math.max(1, others)];
      Arrays.setAll(buffers, slot -> unsampled.directBuffer(target));
      slots = new RandomSlots(others);
    }

    @Benchmark
    public ByteBuf grow() {
      ByteBuf buffer = buffers[others == 0 ? 0 : slots.next()];
      return write(buffer.clear(), bytes, target);
    }

    @TearDown
    public void releaseAll() {
      for (ByteBuf buffer : buffers) {
        buffer.release();
      }
    }
  }
}
