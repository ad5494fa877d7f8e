package dev.tidepool.benchmarks.suites;

import static dev.tidepool.benchmarks.LeakDetection.DISABLED;

import com.sun.management.ThreadMXBean;
import dev.tidepool.benchmarks.AllocatorUnderTest;
import dev.tidepool.benchmarks.EchoHandler;
import dev.tidepool.benchmarks.Figures;
import dev.tidepool.benchmarks.LoopbackServer;
import dev.tidepool.benchmarks.Subject;
import dev.tidepool.benchmarks.Suite;
import dev.tidepool.benchmarks.Target;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What a thread allocates on the Java heap for each request. */
@Suite(
    title = "Garbage",
    operation =
        "Bytes allocated on the Java heap: by the thread of Request, without escape analysis, so"
            + " that all that is made counts; and by the event-loop thread of a real NIO echo on"
            + " loopback. The limits are what Netty makes without any allocator: the same three"
            + " slices, and that echo with one buffer that is never given back.",
    isTimed = false,
    quick = "order=FIFO")
@Target(figure = GarbageBenchmark.GARBAGE, isBeyondLimit = true, atMost = 1)
@Target(at = DISABLED, figure = GarbageBenchmark.GARBAGE, isBeyondLimit = true, atMost = 1)
@Warmup(iterations = 2, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 2, time = 300, timeUnit = TimeUnit.MILLISECONDS)
public class GarbageBenchmark extends EventLoopBenchmark {
  static final String GARBAGE = "bytes of garbage a request";

  /**
   * Which of Netty's slices are spared differs from compilation to compilation, in steps of 40 B;
   * so none is, for every allocator.
   */
  private static final String COUNT_ALL = "-XX:-DoEscapeAnalysis";

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Benchmark
  @Fork(jvmArgs = COUNT_ALL)
  public long request(RequestBenchmark work, Count count) {
    count.requests++;
    return work.request();
  }

  @Benchmark
  public int echo(Echo echo, Count count) throws Exception {
    count.requests++;
    return echo.roundTrip(count);
  }

  /** Without an allocator. */
  @Warmup(iterations = 2, time = 300, timeUnit = TimeUnit.MILLISECONDS)
  @Measurement(iterations = 2, time = 300, timeUnit = TimeUnit.MILLISECONDS)
  public static class Limit extends EventLoopBenchmark {
    @Benchmark
    @Fork(jvmArgs = COUNT_ALL)
    public long request(RequestBenchmark.Limit work, Count count) {
      count.requests++;
      return work.request();
    }

    @Benchmark
    public int echo(EchoIntoKept echo, Count count) throws Exception {
      count.requests++;
      return echo.roundTrip(count);
    }
  }

  /** The bytes that a thread allocates in an iteration: JMH's own, unless another one is named. */
  @State(Scope.Thread)
  public static class Count {
    private long thread;
    private long bytesBefore;
    private long requests;

    @Setup(Level.Iteration)
    public void start() {
      requests = 0;
      startWith(Thread.currentThread().getId());
    }

    void startWith(long thread) {
      this.thread = thread;
      bytesBefore = THREADS.getThreadAllocatedBytes(thread);
    }

    @TearDown(Level.Iteration)
    public void stop() {
      long bytes = THREADS.getThreadAllocatedBytes(thread) - bytesBefore;
      Figures.add("", GARBAGE, Figures.EXACT_BYTES, (double) bytes / Math.max(1, requests));
    }
  }

  /** A real connection, whose other end is a plain blocking socket on JMH's thread. */
  @State(Scope.Thread)
  public abstract static class Connection {
    static final int MESSAGE = 1024;

    private final byte[] message = new byte[MESSAGE];
    private EventLoopGroup loop;
    private long loopThread;
    private LoopbackServer server;
    private Socket client;

    abstract Subject subject();

    void setUp(Channel channel) {
      channel.pipeline().addLast(new EchoHandler(0));
    }

    @Setup
    public void open() throws Exception {
      loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
      loopThread = loop.submit(() -> Thread.currentThread().getId()).get();
      server = new LoopbackServer(subject(), loop, this::setUp);
      client = new Socket(server.address().getAddress(), server.address().getPort());
      client.setTcpNoDelay(true);
    }

    /** What the event loop allocates counts from the iteration's first request on. */
    final int roundTrip(Count count) throws IOException {
      if (count.thread != loopThread) {
        count.startWith(loopThread);
      }
      client.getOutputStream().write(message);
      int read = client.getInputStream().readNBytes(message, 0, MESSAGE);
      if (read < MESSAGE) {
        throw new IOException("connection: closed by the server (expected: an echo)");
      }
      return read;
    }

    @TearDown
    public void close() throws IOException {
      client.close();
      server.close();
      loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
  }

  /** With each allocator. */
  public static class Echo extends Connection {
    @Param({"CONNECTION", "ARENA", "POOLED", "ADAPTIVE", "UNPOOLED"})
    public AllocatorUnderTest underTest;

    @Override
    Subject subject() {
      return new Subject(underTest);
    }
  }

  /** Into one buffer that is never given back, for which no allocator is asked. */
  public static class EchoIntoKept extends Connection {
    private final ByteBuf kept = Unpooled.directBuffer(MESSAGE);

    @Override
    Subject subject() {
      return new Subject(AllocatorUnderTest.UNPOOLED);
    }

    @Override
    void setUp(Channel channel) {
      channel.config().setRecvByteBufAllocator(new Kept(kept));
      super.setUp(channel);
    }
  }

  /** Hands out the same buffer for every read. */
  private static final class Kept extends FixedRecvByteBufAllocator {
    private final ByteBuf kept;

    Kept(ByteBuf kept) {
      super(kept.capacity());
      this.kept = kept;
    }

    @Override
    @SuppressWarnings("deprecation") // the type is what RecvByteBufAllocator must return
    public Handle newHandle() {
      return new DelegatingHandle(super.newHandle()) {
        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
          return kept.retain().clear();
        }
      };
    }
  }
}
