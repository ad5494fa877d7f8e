package dev.tidepool.benchmarks;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The limit of {@link AccessBenchmark} in direct memory for whatever does without {@code Unsafe}:
 * the same, straight from a {@link ByteBuffer}, by its views or by its own methods, whichever are
 * faster. No buffer around it asks whether it is alive, or where it ends.
 */
@State(Scope.Thread)
public class ByteBufferAccessBenchmark extends EventLoopBenchmark {
  private static final VarHandle SHORT = bigEndian(short[].class);
  private static final VarHandle INT = bigEndian(int[].class);
  private static final VarHandle LONG = bigEndian(long[].class);
  private static final VarHandle WORD =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long LOWEST_BITS = 0x0101_0101_0101_0101L;
  private static final long HIGHEST_BITS = LOWEST_BITS << 7;
  private static final long TABS = '\t' * LOWEST_BITS;

  @Param("true")
  public boolean direct;

  private int[] places;
  private final byte[] array = new byte[AccessBenchmark.BULK];
  private ByteBuffer buffer;
  private ByteBuffer sameKind;

  @Setup
  public void prepare() {
    places = AccessBenchmark.places(new Random(AccessBenchmark.SEED));
    buffer = ByteBuffer.allocateDirect(AccessBenchmark.CAPACITY);
    buffer.put(AccessBenchmark.NEAR, (byte) '\t');
    sameKind = ByteBuffer.allocateDirect(AccessBenchmark.CAPACITY);
  }

  private static VarHandle bigEndian(Class<?> arrayOfValues) {
    return MethodHandles.byteBufferViewVarHandle(arrayOfValues, ByteOrder.BIG_ENDIAN);
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
      sum += (short) SHORT.get(buffer, place);
    }
    return sum;
  }

  @Benchmark
  @OperationsPerInvocation(AccessBenchmark.ACCESSES)
  public long getInt() {
    long sum = 0;
    for (int place : places) {
      sum += (int) INT.get(buffer, place);
    }
    return sum;
  }

  @Benchmark
  @OperationsPerInvocation(AccessBenchmark.ACCESSES)
  public long getLong() {
    long sum = 0;
    for (int place : places) {
      sum += (long) LONG.get(buffer, place);
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
      INT.set(buffer, place, place);
    }
    return buffer;
  }

  @Benchmark
  @OperationsPerInvocation(AccessBenchmark.ACCESSES)
  public ByteBuffer setLong() {
    for (int place : places) {
      LONG.set(buffer, place, (long) place);
    }
    return buffer;
  }

  @Benchmark
  @OperationsPerInvocation(AccessBenchmark.ACCESSES)
  public ByteBuffer setMedium() {
    for (int place : places) {
      buffer.put(place, (byte) (place >>> 16));
      SHORT.set(buffer, place + 1, (short) place);
    }
    return buffer;
  }

  @Benchmark
  public byte[] bufferToArray() {
    buffer.get(0, array, 0, array.length);
    return array;
  }

  @Benchmark
  public ByteBuffer arrayToBuffer() {
    return buffer.put(0, array, 0, array.length);
  }

  @Benchmark
  public ByteBuffer bufferToSameKind() {
    return sameKind.put(0, buffer, 0, AccessBenchmark.BULK);
  }

  @Benchmark
  public int bytesBeforeNear() {
    for (int at = 0; at < AccessBenchmark.CAPACITY; at += Long.BYTES) {
      long difference = (long) WORD.get(buffer, at) ^ TABS;
      long matches = (difference - LOWEST_BITS) & ~difference & HIGHEST_BITS;
      if (matches != 0) {
        return at + Long.numberOfTrailingZeros(matches) / Byte.SIZE;
      }
    }
    return -1;
  }
}
