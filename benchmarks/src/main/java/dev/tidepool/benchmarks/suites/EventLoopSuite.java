package dev.tidepool.benchmarks.suites;

import dev.tidepool.benchmarks.AllocatorUnderTest;
import dev.tidepool.benchmarks.EventLoopThreads;
import dev.tidepool.benchmarks.Subject;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What all suites that run on event-loop threads share beyond that: the allocators. */
@State(Scope.Thread)
public abstract class EventLoopSuite extends EventLoopBenchmark {
  /** JMH sorts parameters by name, and changes the last one first: allocators follow each other. */
  @Param({"CONNECTION", "ARENA", "POOLED", "ADAPTIVE", "UNPOOLED"})
  public AllocatorUnderTest underTest;

  Subject subject;
  ByteBufAllocator alloc;

  @Setup
  public final void setUp() {
    subject = new Subject(underTest);
    alloc = subject.openConnection(EventLoopThreads.current());
    prepare();
  }

  /** What a suite has ready before it measures. */
  void prepare() {}

  final ByteBuf allocate(int size, boolean direct) {
    return direct ? alloc.directBuffer(size) : alloc.heapBuffer(size);
  }

  final void endRequest() {
    Subject.endRequest(alloc);
  }
}
