package dev.tidepool.benchmarks.suites;

import static dev.tidepool.benchmarks.AllocatorUnderTest.ADAPTIVE;
import static dev.tidepool.benchmarks.AllocatorUnderTest.POOLED;
import static dev.tidepool.benchmarks.LeakDetection.DISABLED;

import dev.tidepool.benchmarks.Suite;
import dev.tidepool.benchmarks.Target;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** What the buffers of a decoded request cost, from its read to its end. */
@Suite(
    title = "Request",
    operation =
        "One operation is a decoded request: a read buffer of 2 KiB, slices of it, 32 buffers of"
            + " 64 B to 16 KiB with a few bytes written to each, two of which grow; all are"
            + " released, and a connection's arena resets. A connection's handler trims the read"
            + " buffer to what arrived, which Netty by itself does not, so only `connection` does."
            + " The limit is the same reading and writing in buffers that are there beforehand.",
    quick = "order=FIFO")
@Target(atLeast = 6, atLeastWithoutUnsafe = 8, than = ADAPTIVE)
@Target(atLeast = 12, than = POOLED)
@Target(at = DISABLED, atLeast = 4, atLeastWithoutUnsafe = 6, than = ADAPTIVE)
@Target(at = DISABLED, atLeast = 8, atLeastWithoutUnsafe = 10, than = POOLED)
public class RequestBenchmark extends EventLoopSuite {
  /** In which order the buffers are released: as they came, or the other way round. */
  public enum Order {
    FIFO,
    LIFO
  }

  public static final int BUFFERS = 32;
  static final int READ_BUFFER = 2048;
  private static final int HEADER = 64;
  private static final int PART = 100;

  /** Every so many buffers one is on the heap. */
  static final int HEAP_EVERY = 8;

  private static final int FIRST_TO_GROW = 9;
  private static final int SECOND_TO_GROW = 22;

  /** Requests that differ in their sizes, after which they repeat. */
  static final int REQUESTS = 64;

  static final long SEED = 4711;

  @Param public Order order;

  private final byte[] bytes = new byte[16 * 1024];
  private final ByteBuf[] buffers = new ByteBuf[BUFFERS];
  private int[] sizes;
  private int[] arrivals;
  private int request;

  @Override
  void prepare() {
    Random random = new Random(SEED);
    random.nextBytes(bytes);
    sizes = sizes(random);
    arrivals = arrivals(random);
  }

  static int[] sizes(Random random) {
    return random.ints(REQUESTS * BUFFERS, 0, 7).map(n -> size(n, random)).toArray();
  }

  static int[] arrivals(Random random) {
    return random.ints(REQUESTS, 2 * HEADER + 2 * PART, READ_BUFFER).toArray();
  }

  /** From 64 bytes to 8 KiB, each power of two as often as the next, and all sizes between. */
  private static int size(int power, Random random) {
    int least = 64 << power;
    return least + random.nextInt(least + 1);
  }

  @Benchmark
  public long request() {
    int arrived = arrivals[request];
    ByteBuf read = read(arrived);
    long sum = decode(read, arrived);
    respond(sum);
    release();
    read.release();
    endRequest();
    request = (request + 1) & (REQUESTS - 1);
    return sum;
  }

  /** Slices of what was read, which are released as soon as they are looked at. */
  static long decode(ByteBuf read, int arrived) {
    ByteBuf header = read.slice(0, HEADER);
    ByteBuf first = read.retainedSlice(HEADER, PART);
    ByteBuf second = read.retainedSlice(HEADER + PART, arrived - HEADER - PART);
    long sum = header.getLong(0) + first.getLong(0) + second.getInt(0);
    first.release();
    second.release();
    return sum;
  }

  private ByteBuf read(int arrived) {
    ByteBuf read = alloc.directBuffer(READ_BUFFER);
    read.writeBytes(bytes, 0, arrived);
    if (subject.hasConnectionArenas()) {
      read.capacity(arrived);
    }
    return read;
  }

  private void respond(long sum) {
    int from = request * BUFFERS;
    for (int i = 0; i < BUFFERS; i++) {
      ByteBuf buffer = allocate(sizes[from + i], i % HEAP_EVERY != 0);
      buffer.writeLong(sum).writeInt(i);
      buffers[i] = buffer;
      if (grows(i)) {
        buffer.writeBytes(bytes, 0, buffer.writableBytes() + 1);
      }
    }
  }

  static boolean grows(int buffer) {
    return buffer == FIRST_TO_GROW || buffer == SECOND_TO_GROW;
  }

  private void release() {
    if (order == Order.FIFO) {
      for (int i = 0; i < BUFFERS; i++) {
        buffers[i].release();
      }
    } else {
      for (int i = BUFFERS - 1; i >= 0; i--) {
        buffers[i].release();
      }
    }
  }

  /**
   * The same in buffers that are there beforehand, as large as they will grow: the part of a
   * request that no allocator can make faster.
   */
  public static class Limit extends EventLoopBenchmark {
    private final byte[] bytes = new byte[16 * 1024];
    private final ByteBuf[] buffers = new ByteBuf[BUFFERS];
    private ByteBuf read;
    private int[] sizes;
    private int[] arrivals;
    private int request;

    @Setup
    public void prepare() {
      Random random = new Random(SEED);
      random.nextBytes(bytes);
      sizes = sizes(random);
      arrivals = arrivals(random);
      read = UnpooledByteBufAllocator.DEFAULT.directBuffer(READ_BUFFER);
      for (int i = 0; i < buffers.length; i++) {
        buffers[i] =
            i % HEAP_EVERY != 0
                ? UnpooledByteBufAllocator.DEFAULT.directBuffer(2 * bytes.length)
                : UnpooledByteBufAllocator.DEFAULT.heapBuffer(2 * bytes.length);
      }
    }

    @Benchmark
    public long request() {
      int arrived = arrivals[request];
      read.clear().writeBytes(bytes, 0, arrived);
      long sum = decode(read, arrived);
      int from = request * buffers.length;
      for (int i = 0; i < buffers.length; i++) {
        ByteBuf buffer = buffers[i].clear().writeLong(sum).writeInt(i);
        if (grows(i)) {
          buffer.writeBytes(bytes, 0, sizes[from + i] - buffer.writerIndex() + 1);
        }
      }
      request = (request + 1) & (REQUESTS - 1);
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
}
