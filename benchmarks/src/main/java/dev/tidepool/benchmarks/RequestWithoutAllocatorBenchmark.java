package dev.tidepool.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The limit of {@link RequestBenchmark}: the same reading, slicing and writing in buffers that are
 * there beforehand, as large as they will grow. Nothing is allocated, moved or released; so this is
 * the part of a request that no allocator can make faster.
 */
@State(Scope.Thread)
public class RequestWithoutAllocatorBenchmark extends EventLoopBenchmark {
  private final byte[] bytes = new byte[16 * 1024];
  private final ByteBuf[] buffers = new ByteBuf[RequestBenchmark.BUFFERS];
  private ByteBuf read;
  private int[] sizes;
  private int[] arrivals;
  private int request;

  @Setup
  public void prepare() {
    Random random = new Random(RequestBenchmark.SEED);
    random.nextBytes(bytes);
    sizes = RequestBenchmark.sizes(random);
    arrivals = RequestBenchmark.arrivals(random);
    read = UnpooledByteBufAllocator.DEFAULT.directBuffer(RequestBenchmark.READ_BUFFER);
    for (int i = 0; i < buffers.length; i++) {
      buffers[i] =
          i % RequestBenchmark.HEAP_EVERY != 0
              ? UnpooledByteBufAllocator.DEFAULT.directBuffer(2 * bytes.length)
              : UnpooledByteBufAllocator.DEFAULT.heapBuffer(2 * bytes.length);
    }
  }

  @Benchmark
  public long requestWithoutAllocator() {
    int arrived = arrivals[request];
    read.clear().writeBytes(bytes, 0, arrived);
    long sum = RequestBenchmark.decode(read, arrived);
    int from = request * buffers.length;
    for (int i = 0; i < buffers.length; i++) {
      ByteBuf buffer = buffers[i].clear().writeLong(sum).writeInt(i);
      if (RequestBenchmark.grows(i)) {
        buffer.writeBytes(bytes, 0, sizes[from + i] - buffer.writerIndex() + 1);
      }
    }
    request = (request + 1) & (RequestBenchmark.REQUESTS - 1);
    return sum;
  }

  @TearDown
  public void releaseAll() {
    read.release();
    for (ByteBuf buffer : buffers) {
      buffer.release();
    }
  }
}
