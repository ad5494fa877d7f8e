package dev.tidepool.benchmarks.suites;

import static dev.tidepool.benchmarks.AllocatorUnderTest.POOLED;
import static dev.tidepool.benchmarks.LeakDetection.DISABLED;

import dev.tidepool.benchmarks.Suite;
import dev.tidepool.benchmarks.Target;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.ObjIntConsumer;
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
@Suite(
    title = "Access",
    operation =
        "One operation is one access to a buffer's bytes. Where Netty may use `Unsafe`, its"
            + " allocators' buffers do.",
    quick = {"direct=true", "kind=LONG,INT", "underTest=CONNECTION,POOLED"},
    quickMethods = {"get", "set", "bufferToArray", "writeUtf8"})
@Target(atLeast = 0.95, than = POOLED)
@Target(at = DISABLED, atLeast = 0.95, than = POOLED)
@Warmup(iterations = 3, time = 120, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 60, timeUnit = TimeUnit.MILLISECONDS)
public class AccessBenchmark extends EventLoopSuite {
  private static final int ACCESSES = 64;
  private static final int CAPACITY = 4096;
  private static final int BULK = 1024;
  private static final int FAR = 1000;
  private static final int NEAR = 30;
  private static final byte SOUGHT = '\n';
  private static final long SEED = 31;

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
    places = random.ints(ACCESSES, 0, CAPACITY - Long.BYTES + 1).toArray();
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

  private ByteBuf unsampled(boolean direct) {
    ByteBuf candidate = allocate(CAPACITY, direct);
    while (candidate.getClass().getSimpleName().contains("LeakAware")) {
      candidate.release();
      candidate = allocate(CAPACITY, direct);
    }
    return candidate;
  }

  /** How a value is read. */
  private interface Read {
    long at(ByteBuf from, int place);
  }

  /** A kind of value. A fork knows one of them only, and its compiler sees through it. */
  @SuppressWarnings("ImmutableEnumChecker") // functions without state
  public enum Kind {
    BYTE(ByteBuf::getByte, (to, at) -> to.setByte(at, at)),
    SHORT(ByteBuf::getShort, (to, at) -> to.setShort(at, at)),
    MEDIUM(ByteBuf::getMedium, (to, at) -> to.setMedium(at, at)),
    INT(ByteBuf::getInt, (to, at) -> to.setInt(at, at)),
    LONG(ByteBuf::getLong, (to, at) -> to.setLong(at, at));

    private final Read read;

    /** How a value is written, to which its place is as good as any. */
    private final ObjIntConsumer<ByteBuf> write;

    Kind(Read read, ObjIntConsumer<ByteBuf> write) {
      this.read = read;
      this.write = write;
    }
  }

  /** The kind of value, a parameter of the benchmarks of single values only. */
  @State(Scope.Thread)
  public static class Single {
    @Param public Kind kind;
  }

  @Benchmark
  @OperationsPerInvocation(ACCESSES)
  public long get(Single single) {
    Read read = single.kind.read;
    long sum = 0;
    for (int place : places) {
      sum += read.at(buffer, place);
    }
    return sum;
  }

  @Benchmark
  @OperationsPerInvocation(ACCESSES)
  public ByteBuf set(Single single) {
    ObjIntConsumer<ByteBuf> write = single.kind.write;
    for (int place : places) {
      write.accept(written, place);
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
