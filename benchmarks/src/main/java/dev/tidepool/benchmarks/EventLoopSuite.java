package dev.tidepool.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What all suites that run on event-loop threads share: the allocators, and for every fork the same
 * threads, heap and collector.
 *
 * <p>On JMH's command line {@code -jvmArgsAppend} takes the place of what is written here; {@code
 * -jvmArgsPrepend} leaves it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 3,
    jvmArgsAppend = {
      EventLoopThreads.CUSTOM,
      EventLoopThreads.CLASS,
      Forks.MIN,
      Forks.MAX,
      Forks.GC
    })
@Warmup(iterations = 3, time = 250, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 100, timeUnit = TimeUnit.MILLISECONDS)
public abstract class EventLoopSuite {
  @Param public AllocatorUnderTest allocator;

  ByteBufAllocator alloc;

  @Setup
  public final void setUp() {
    alloc = allocator.create();
    prepare();
  }

  /** What a suite has ready before it measures. */
  void prepare() {}

  final ByteBuf allocate(int size, boolean direct) {
    return direct ? alloc.directBuffer(size) : alloc.heapBuffer(size);
  }

  final void endRequest() {
    allocator.endRequest(alloc);
  }
}
