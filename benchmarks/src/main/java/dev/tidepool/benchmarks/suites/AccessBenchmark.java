package dev.tidepool.benchmarks.suites;

import static dev.tidepool.benchmarks.LeakDetection.DISABLED;
import static dev.tidepool.benchmarks.Target.Peer.POOLED;

import dev.tidepool.benchmarks.Suite;
import dev.tidepool.benchmarks.Target;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What is done with a buffer's bytes. Single values are read and written {@value #ACCESSES} at a
 * time, at places drawn beforehand, so that no compiler can join or move them; one operation is one
 * of these. The buffers are never those that Netty's leak detection sampled, whose wrappers are no
 * allocator's work.
 */
@Suite(
    title = "Access",
    operation =
        "One operation is one access to a buffer's bytes. Where Netty may use `Unsafe`, its"
            + " allocators' buffers do. The limit is the same, straight from a `ByteBuffer`.",
    quick = {"direct=true", "kind=LONG,INT", "underTest=CONNECTION,POOLED"},
    quickMethods = {"get", "set", "bufferToArray", "writeUtf8"})
@Target(atLeast = 0.95, than = POOLED)
@Target(at = DISABLED, atLeast = 0.95, than = POOLED)
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

  /** How a value is read; {@code T} is a {@code ByteBuf} or a {@code ByteBuffer}. */
  private interface Read<T> {
    long at(T from, int place);
  }

  /** How a value is written, to which its place is as good as any. */
  private interface Write<T> {
    void at(T to, int place);
  }

  /** A kind of value. A fork knows one of them only, and its compiler sees through it. */
  public enum Kind {
    BYTE(
        ByteBuf::getByte,
        (to, at) -> to.setByte(at, at),
        ByteBuffer::get,
        (to, at) -> to.put(at, (byte) at)),
    SHORT(
        ByteBuf::getShort,
        (to, at) -> to.setShort(at, at),
        (from, at) -> (short) Limit.SHORT.get(from, at),
        (to, at) -> to.putShort(at, (short) at)),
    MEDIUM(
        ByteBuf::getMedium,
        (to, at) -> to.setMedium(at, at),
        (from, at) -> from.get(at) << 16 | (short) Limit.SHORT.get(from, at + 1) & 0xffff,
        (to, at) -> {
          to.put(at, (byte) (at >>> 16));
          Limit.SHORT.set(to, at + 1, (short) at);
        }),
    INT(
        ByteBuf::getInt,
        (to, at) -> to.setInt(at, at),
        (from, at) -> (int) Limit.INT.get(from, at),
        (to, at) -> Limit.INT.set(to, at, at)),
    LONG(
        ByteBuf::getLong,
        (to, at) -> to.setLong(at, at),
        (from, at) -> (long) Limit.LONG.get(from, at),
        (to, at) -> Limit.LONG.set(to, at, (long) at));

    private final Read<ByteBuf> read;
    private final Write<ByteBuf> write;
    private final Read<ByteBuffer> readAtLeast;
    private final Write<ByteBuffer> writeAtLeast;

    Kind(
        Read<ByteBuf> read,
        Write<ByteBuf> write,
        Read<ByteBuffer> readAtLeast,
        Write<ByteBuffer> writeAtLeast) {
      this.read = read;
      this.write = write;
      this.readAtLeast = readAtLeast;
      this.writeAtLeast = writeAtLeast;
    }
  }

  /** What only single values have. */
  @State(Scope.Thread)
  public static class Single {
    @Param public Kind kind;
  }

  private static <T> long readAll(Read<T> read, T from, int[] places) {
    long sum = 0;
    for (int place : places) {
      sum += read.at(from, place);
    }
    return sum;
  }

  private static <T> T writeAll(Write<T> write, T to, int[] places) {
    for (int place : places) {
      write.at(to, place);
    }
    return to;
  }

  @Benchmark
  @OperationsPerInvocation(ACCESSES)
  public long get(Single single) {
    return readAll(single.kind.read, buffer, places);
  }

  @Benchmark
  @OperationsPerInvocation(ACCESSES)
  public ByteBuf set(Single single) {
    return writeAll(single.kind.write, written, places);
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

  /**
   * The same without a buffer that asks whether it is alive or where it ends: by views or by the
   * methods of {@link ByteBuffer}, whichever are faster.
   */
  @State(Scope.Thread)
  public static class Limit extends EventLoopBenchmark {
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
    private final byte[] array = new byte[BULK];
    private ByteBuffer buffer;
    private ByteBuffer sameKind;

    @Setup
    public void prepare() {
      places = places(new Random(SEED));
      buffer = ByteBuffer.allocateDirect(CAPACITY);
      buffer.put(NEAR, (byte) '\t');
      sameKind = ByteBuffer.allocateDirect(CAPACITY);
    }

    private static VarHandle bigEndian(Class<?> arrayOfValues) {
      return MethodHandles.byteBufferViewVarHandle(arrayOfValues, ByteOrder.BIG_ENDIAN);
    }

    @Benchmark
    @OperationsPerInvocation(ACCESSES)
    public long get(Single single) {
      return readAll(single.kind.readAtLeast, buffer, places);
    }

    @Benchmark
    @OperationsPerInvocation(ACCESSES)
    public ByteBuffer set(Single single) {
      return writeAll(single.kind.writeAtLeast, buffer, places);
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
      return sameKind.put(0, buffer, 0, BULK);
    }

    @Benchmark
    public int bytesBeforeNear() {
      for (int at = 0; at < CAPACITY; at += Long.BYTES) {
        long difference = (long) WORD.get(buffer, at) ^ TABS;
        long matches = (difference - LOWEST_BITS) & ~difference & HIGHEST_BITS;
        if (matches != 0) {
          return at + Long.numberOfTrailingZeros(matches) / Byte.SIZE;
        }
      }
      return -1;
    }
  }
}
