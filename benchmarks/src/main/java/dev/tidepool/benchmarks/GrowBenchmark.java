package dev.tidepool.benchmarks;

import io.netty.buffer.ByteBuf;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A buffer of {@value #FIRST} bytes that doubles, by what is written to it, until it has {@code
 * target}. Alone, it is then released and its request ends. Among others, it takes the place of a
 * random one of them, and no request ends.
 */
@State(Scope.Thread)
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
}
