package dev.tidepool.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What is done with a buffer's bytes. Single values are read and written {@value #ACCESSES} at a
 * time, at places drawn beforehand, so that no compiler can join or move them; one operation is one
 * of these. The buffers are never those that Netty's leak detection sampled, whose wrappers are no
 * allocator's work.
 */
@State(Scope.Thread)
@Warmup(iterations = 3, time = 120, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 60, timeUnit = TimeUnit.MILLISECONDS)
public class AccessBenchmark extends EventLoopSuite {
  static final int ACCESSES = 64;
  static final int CAPACITY = 4096;
  static final int BULK = 1024;
  private static final int FAR = 1000;
  static final int NEAR = 30;
  private static final byte SOUGHT = '\n';
  static final long SEED = 31;

  @Param({"true", "false"})
  public boolean direct;

  private final byte[] array = new byte[BULK];
  private final CRC32 crc = new CRC32();
  private int[] places;
  private String text;
  private int textLength;
  private ByteBuf buffer;
  private ByteBuf sameKind;
  private ByteBuf otherKind;
  private ByteBuf written;

  @Override
  void prepare() {
    Random random = new Random(SEED);
    places = places(random);
    buffer = unsampled(direct);
    sameKind = unsampled(direct);
    otherKind = unsampled(!direct);
    written = unsampled(direct);
    for (int i = 0; i < CAPACITY; i++) {
      buffer.setByte(i, 'a' + random.nextInt(26));
    }
    buffer.setByte(NEAR, '\t').setByte(FAR, SOUGHT);
    text = "Gezeiten: Ebbe, Flut und Priel, täglich zweimal; 潮の満ち引き. ".repeat(4);
    textLength = ByteBufUtil.utf8Bytes(text);
    sameKind.writeBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  static int[] places(Random random) {
    return random.ints(ACCESSES, 0, CAPACITY - Long.BYTES + 1).toArray();
  }

  private ByteBuf unsampled(boolean direct) {
    ByteBuf candidate = allocate(CAPACITY, direct);
    while (candidate.getClass().getSimpleName().contains("LeakAware")) {
      candidate.release();
      candidate = allocate(CAPACITY, direct);
    }
    return candidate;
  }

  // Single values

  @Benchmark
  @OperationsPerInvocation(ACCESSES)
  public long getByte() {
    long sum = 0;
    for (int place : places) {
      sum += buffer.getByte(place);
    }
    return sum;
  }

  @Benchmark
  @OperationsPerInvocation(ACCESSES)
  public long getShort() {
    long sum = 0;
    for (int place : places) {
      sum += buffer.getShort(place);
    }
    return sum;
  }

  @Benchmark
  @OperationsPerInvocation(ACCESSES)
  public long getMedium() {
    long sum = 0;
    for (int place : places) {
      sum += buffer.getMedium(place);
    }
    return sum;
  }

  @Benchmark
  @OperationsPerInvocation(ACCESSES)
  public long getInt() {
    long sum = 0;
    for (int place : places) {
      sum += buffer.getInt(place);
    }
    return sum;
  }

  @Benchmark
  @OperationsPerInvocation(ACCESSES)
  public long getLong() {
    long sum = 0;
    for (int place : places) {
      sum += buffer.getLong(place);
    }
    return sum;
  }

  @Benchmark
  @OperationsPerInvocation(ACCESSES)
  public ByteBuf setByte() {
    for (int place : places) {
      written.setByte(place, place);
    }
    return written;
  }

  @Benchmark
  @OperationsPerInvocation(ACCESSES)
  public ByteBuf setShort() {
    for (int place : places) {
      written.setShort(place, place);
    }
    return written;
  }

  @Benchmark
  @OperationsPerInvocation(ACCESSES)
  public ByteBuf setMedium() {
    for (int place : places) {
      written.setMedium(place, place);
    }
    return written;
  }

  @Benchmark
  @OperationsPerInvocation(ACCESSES)
  public ByteBuf setInt() {
    for (int place : places) {
      written.setInt(place, place);
    }
    return written;
  }

  @Benchmark
  @OperationsPerInvocation(ACCESSES)
  public ByteBuf setLong() {
    for (int place : places) {
      written.setLong(place, place);
    }
    return written;
  }

  // Many bytes

  @Benchmark
  public byte[] bufferToArray() {
    buffer.getBytes(0, array, 0, BULK);
    return array;
  }

  @Benchmark
  public ByteBuf arrayToBuffer() {
    return written.setBytes(0, array, 0, BULK);
  }

  @Benchmark
  public ByteBuf bufferToSameKind() {
    return written.setBytes(0, buffer, 0, BULK);
  }

  @Benchmark
  public ByteBuf bufferToOtherKind() {
    return otherKind.setBytes(0, buffer, 0, BULK);
  }

  @Benchmark
  public long crcOfNioBuffer() {
    crc.reset();
    crc.update(buffer.nioBuffer(0, BULK));
    return crc.getValue();
  }

  // Text

  @Benchmark
  public int writeUtf8() {
    return ByteBufUtil.writeUtf8(written.setIndex(0, 0), text);
  }

  @Benchmark
  public String readUtf8() {
    return sameKind.toString(0, textLength, StandardCharsets.UTF_8);
  }

  @Benchmark
  public int indexOfFar() {
    return buffer.indexOf(0, CAPACITY, SOUGHT);
  }

  @Benchmark
  public int bytesBeforeNear() {
    return buffer.bytesBefore(0, CAPACITY, (byte) '\t');
  }

  @TearDown
  public void releaseAll() {
    buffer.release();
    sameKind.release();
    otherKind.release();
    written.release();
  }
}
