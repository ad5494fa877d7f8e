package dev.tidepool.benchmarks;

import java.nio.ByteBuffer;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The limit of {@link AccessBenchmark}'s single values in direct memory for whatever does without
 * {@code Unsafe}: the same ones, straight from a {@link ByteBuffer}. No buffer around it asks
 * whether it is alive, or where it ends.
 */
@State(Scope.Thread)
public class ByteBufferAccessBenchmark extends EventLoopBenchmark {
  @Param("true")
  public boolean direct;

  private int[] places;
  private ByteBuffer buffer;

  @Setup
  public void prepare() {
    places = AccessBenchmark.places(new Random(AccessBenchmark.SEED));
    buffer = ByteBuffer.allocateDirect(AccessBenchmark.CAPACITY);
  }

  @Benchmark
  @OperationsPerInvocation(AccessBenchmark.ACCESSES)
  public long getByte() {
    long sum = 0;
    for (int place : places) {
      sum += buffer.get(place);
    }
    return sum;
  }

  @Benchmark
  @OperationsPerInvocation(AccessBenchmark.ACCESSES)
  public long getShort() {
    long sum = 0;
    for (int place : places) {
      sum += buffer.getShort(place);
    }
    return sum;
  }

  @Benchmark
  @OperationsPerInvocation(AccessBenchmark.ACCESSES)
  public long getInt() {
    long sum = 0;
    for (int place : places) {
      sum += buffer.getInt(place);
    }
    return sum;
  }

  @Benchmark
  @OperationsPerInvocation(AccessBenchmark.ACCESSES)
  public long getLong() {
    long sum = 0;
    for (int place : places) {
      sum += buffer.getLong(place);
    }
    return sum;
  }

  @Benchmark
  @OperationsPerInvocation(AccessBenchmark.ACCESSES)
  public ByteBuffer setByte() {
    for (int place : places) {
      buffer.put(place, (byte) place);
    }
    return buffer;
  }

  @Benchmark
  @OperationsPerInvocation(AccessBenchmark.ACCESSES)
  public ByteBuffer setShort() {
    for (int place : places) {
      buffer.putShort(place, (short) place);
    }
    return buffer;
  }

  @Benchmark
  @OperationsPerInvocation(AccessBenchmark.ACCESSES)
  public ByteBuffer setInt() {
    for (int place : places) {
      buffer.putInt(place, place);
    }
    return buffer;
  }

  @Benchmark
  @OperationsPerInvocation(AccessBenchmark.ACCESSES)
  public ByteBuffer setLong() {
    for (int place : places) {
      buffer.putLong(place, place);
    }
    return buffer;
  }
}
