package dev.tidepool.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What all suites that run on event-loop threads share beyond that: the allocators. */
@State(Scope.Thread)
public abstract class EventLoopSuite extends EventLoopBenchmark {
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
