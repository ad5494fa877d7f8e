package dev.tidepool.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Arrays;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The limit of {@link GrowBenchmark}: the same bytes in the same steps, into a buffer that is as
 * large as {@code target} beforehand; among others, into a random one of them, so that the caches
 * are as cold. Nothing is allocated, moved or released.
 */
@State(Scope.Thread)
public class GrowWithoutAllocatorBenchmark extends EventLoopBenchmark {
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
  public ByteBuf growWithoutAllocator() {
    ByteBuf buffer = buffers[others == 0 ? 0 : slots.next()];
    return GrowBenchmark.write(buffer.clear(), bytes, target);
  }

  @TearDown
  public void releaseAll() {
    for (ByteBuf buffer : buffers) {
      buffer.release();
    }
  }
}
