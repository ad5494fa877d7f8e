package dev.tidepool.benchmarks;

import java.util.Arrays;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What all that hand out buffer objects have to do, whatever their API: a bump, and a prepared
 * object of the fewest fields that one can do with, opened and closed. No owner is looked for, no
 * capacity is compared, no block is left empty or full.
 */
@State(Scope.Thread)
public class OpenHandleBenchmark extends EventLoopBenchmark {
  private long position;
  private int size = 256;

  private final Handle[] handles = new Handle[64];
  private int nextSlot;

  /** What a buffer has at the least: where its bytes are, its indices, its limit and its count. */
  @SuppressWarnings("unused") // the stores are what is measured
  private static final class Handle {
    int offset;
    int length;
    int maxCapacity;
    int readerIndex;
    int writerIndex;
    int references;
  }

  @Setup
  public void makeHandles() {
    Arrays.setAll(handles, slot -> new Handle());
  }

  @Benchmark
  public boolean openAndCloseAHandle() {
    return close(open(size));
  }

  private Handle open(int length) {
    Handle handle = handles[nextSlot++ & (handles.length - 1)];
    handle.offset = (int) position;
    position += length;
    handle.length = length;
    handle.maxCapacity = Integer.MAX_VALUE;
    handle.readerIndex = 0;
    handle.writerIndex = 0;
    handle.references = 1;
    return handle;
  }

  private boolean close(Handle handle) {
    if (--handle.references > 0) {
      return false;
    }
    position = handle.offset;
    nextSlot--;
    return true;
  }
}
