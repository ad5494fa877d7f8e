package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The misuses that {@code checks=full} finds, and the errors that describe them. */
class FullChecksTest {
  @RegisterExtension private final CapturedLog log = new CapturedLog();
  @RegisterExtension private final UpstreamGuard guard = UpstreamGuard.of(Checks.FULL);

  private final EventExecutor loop = new DefaultEventExecutor();
  private final ConnectionArena arena = arena(Recording.ALL);
  private int line;

  @AfterEach
  void endLoop() {
    arena.close();
    TestThreads.end(loop);
  }

  private ConnectionArena arena(Recording recording) {
    return guard
        .another(
            ArenaByteBufAllocator.builder()
                .trimInterval(Duration.ZERO)
                .leakGrace(Duration.ofHours(1))
                .recording(recording)
                .checks(Checks.FULL))
        .newConnectionArena(loop, "connection 7");
  }

  private ByteBuf allocate(boolean direct, int capacity) {
    line = Lines.next();
    return direct ? arena.directBuffer(capacity) : arena.heapBuffer(capacity);
  }

  private void release(ByteBuf buffer) {
    buffer.release();
  }

  // Calls after the release

  static Stream<Arguments> lateUses() {
    List<Consumer<ByteBuf>> uses =
        List.of(
            ByteBuf::readByte,
            buffer -> buffer.getLong(0),
            buffer -> buffer.writeInt(1),
            buffer -> buffer.setByte(0, 1),
            buffer -> buffer.setZero(0, 1),
            buffer -> buffer.capacity(10_000),
            buffer -> buffer.slice(0, 4),
            buffer -> buffer.nioBuffer(0, 4),
            buffer -> buffer.internalNioBuffer(0, 4),
            buffer -> buffer.ensureWritable(10_000),
            ByteBuf::retain,
            ByteBuf::release);
    return uses.stream()
        .flatMap(use -> Stream.of(Arguments.of(true, use), Arguments.of(false, use)));
  }

  private void refusesWithItsStory(ThrowingCallable late) {
    assertThatThrownBy(late)
        .isInstanceOf(IllegalReferenceCountException.class)
        .hasMessageStartingWith("refCnt: 0")
        .hasMessageContaining("a buffer of 64 bytes from request 1 of connection 7")
        .hasMessageContaining("released at " + FullChecksTest.class.getName() + ".release(")
        .hasMessageContaining(
            "allocated at "
                + FullChecksTest.class.getName()
                + ".allocate(FullChecksTest.java:"
                + line);
  }

  @ParameterizedTest
  @MethodSource("lateUses")
  void useAfterReleaseIsRefused(boolean direct, Consumer<ByteBuf> use) {
    TestThreads.run(
        loop,
        () -> {
          ByteBuf buffer = allocate(direct, 64).writeZero(32);
          release(buffer);
          refusesWithItsStory(() -> use.accept(buffer));
        });
  }

  @ParameterizedTest
  @MethodSource("lateUses")
  void useAfterAResetIsRefusedWhenTheMemoryIsReused(boolean direct, Consumer<ByteBuf> use) {
    TestThreads.run(
        loop,
        () -> {
          ByteBuf buffer = allocate(direct, 64).writeZero(32);
          int lineOfIt = line;
          ByteBuf slice = buffer.slice(0, 32);
          release(buffer);
          arena.reset();
          ByteBuf next = Patterns.fill(allocate(direct, 64), 1);
          line = lineOfIt;
          refusesWithItsStory(() -> use.accept(buffer));
          refusesWithItsStory(() -> slice.getByte(0));
          Patterns.check(next, 1);
          next.release();
        });
  }

  @ParameterizedTest
  @MethodSource("lateUses")
  void useAfterReleaseIsRefusedWhenTheLoopHasClosed(boolean direct, Consumer<ByteBuf> use) {
    ByteBuf buffer = TestThreads.call(loop, () -> allocate(direct, 64).writeZero(32));
    TestThreads.end(loop);
    assertThat(buffer.readInt()).as("alive: as valid as before").isZero();
    release(buffer);
    refusesWithItsStory(() -> use.accept(buffer));
  }

  /** Named like a method of Netty's that refuses accesses to a released buffer. */
  private static int ensureAccessible(ByteBuf buffer) {
    return buffer.refCnt();
  }

  @Test
  void refCntIsAnsweredToACallerNamedLikeAnAccessCheck() {
    TestThreads.run(
        loop,
        () -> {
          ByteBuf buffer = allocate(true, 64);
          ByteBuf slice = buffer.slice(0, 10);
          release(buffer);
          assertThat(ensureAccessible(buffer)).isZero();
          assertThat(ensureAccessible(slice)).isZero();
        });
  }

  @Test
  void withoutRecordingAnErrorNamesConnectionRequestSizeAndRelease() {
    ConnectionArena unrecorded = arena(Recording.OFF);
    TestThreads.run(
        loop,
        () -> {
          ByteBuf buffer = unrecorded.directBuffer(64);
          release(buffer);
          assertThatThrownBy(buffer::release)
              .hasMessageStartingWith(
                  "refCnt: 0, decrement: 1: a buffer of 64 bytes from request 1")
              .hasMessageContaining("of connection 7")
              .hasMessageContaining("released at " + FullChecksTest.class.getName() + ".release(");
          assertThat(buffer.refCnt()).isZero();
          unrecorded.close();
        });
  }

  @Test
  void oneOfTwoRacingReleasesIsRefused() throws Exception {
    for (int round = 0; round < 200; round++) {
      ByteBuf buffer = TestThreads.call(loop, () -> allocate(true, 64));
      CyclicBarrier start = new CyclicBarrier(2);
      CompletableFuture<Throwable> there =
          CompletableFuture.supplyAsync(() -> releaseAt(start, buffer));
      Throwable here = TestThreads.call(loop, () -> releaseAt(start, buffer));
      assertThat(here == null ^ there.get() == null).as("one of the two").isTrue();
      assertThat(here == null ? there.get() : here)
          .isInstanceOf(IllegalReferenceCountException.class)
          .hasMessageStartingWith("refCnt: 0, decrement: 1: a buffer")
          .hasMessageContaining("from request 1 of connection 7")
          .hasMessageContaining("allocated at " + FullChecksTest.class.getName());
    }
  }

  private static Throwable releaseAt(CyclicBarrier start, ByteBuf buffer) {
    try {
      start.await();
      buffer.release();
      return null;
    } catch (Exception e) {
      return e;
    }
  }

  // Writes beyond a buffer's bounds

  private void foundPastTheEnd(int at, int length) {
    assertThat(
            log.lines("WRITTEN PAST ITS END: byte " + at + " of " + length + " bytes of a buffer"))
        .singleElement()
        .satisfies(found -> assertThat(found).contains("from request 1 of connection 7"));
    assertThat(log.lines("allocated at " + FullChecksTest.class.getName() + ".allocate("))
        .hasSize(1);
  }

  /** A view that was lengthened beyond its buffer. */
  private static ByteBuffer unlimited(ByteBuf buffer) {
    return buffer.internalNioBuffer(0, buffer.capacity()).clear();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 15, 16, 64, 100, 8192, 100_000, 5 << 20})
  void aWriteBehindTheLastByteIsFound(int capacity) {
    TestThreads.run(
        loop,
        () -> {
          ByteBuf buffer = allocate(true, capacity);
          ByteBuf neighbour = Patterns.fill(arena.directBuffer(capacity), 1);
          int end = buffer.internalNioBuffer(0, capacity).limit();
          unlimited(buffer).put(end, (byte) 1);
          Patterns.check(neighbour, 1);
          buffer.release();
          neighbour.release();
        });
    foundPastTheEnd(capacity, capacity);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aWriteBeforeTheFirstByteIsFoundInTheNeighbour(boolean direct) {
    TestThreads.run(
        loop,
        () -> {
          ByteBuf neighbour = allocate(direct, 64);
          ByteBuf buffer = direct ? arena.directBuffer(64) : arena.heapBuffer(64);
          int from = buffer.internalNioBuffer(0, 64).position();
          unlimited(buffer).put(from - 1, (byte) 1);
          buffer.release();
          neighbour.release();
        });
    assertThat(log.lines("WRITTEN PAST ITS END: byte 127 of 64 bytes of a buffer")).hasSize(1);
  }

  @Test
  void aWriteThroughTheArrayOfASliceIsFound() {
    TestThreads.run(
        loop,
        () -> {
          ByteBuf buffer = allocate(false, 64);
          ByteBuf slice = buffer.slice(60, 4).duplicate();
          slice.array()[slice.arrayOffset() + 7] = 1;
          buffer.release();
        });
    foundPastTheEnd(67, 64);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aWriteBehindTheEndOfAShrunkBufferIsFound(boolean direct) {
    TestThreads.run(
        loop,
        () -> {
          ByteBuf buffer = allocate(direct, 64);
          ByteBuffer kept = buffer.nioBuffer(0, 64);
          buffer.capacity(40);
          kept.put(63, (byte) 1); // taken when the buffer was longer
          buffer.release();
        });
    assertThat(log.lines("WRITTEN ")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void growthFindsAWriteBehindTheEnd(boolean direct) {
    TestThreads.run(
        loop,
        () -> {
          ByteBuf buffer = Patterns.fill(allocate(direct, 64), 3);
          int end = buffer.internalNioBuffer(0, 64).limit();
          unlimited(buffer).put(end + 3, (byte) 1);
          Patterns.check(buffer.capacity(1000), 3, 64);
          Patterns.check(buffer.capacity(20_000), 3, 64);
          buffer.release();
        });
    foundPastTheEnd(67, 64);
  }

  @Test
  void aLastReleaseOnAnotherThreadFindsTheWriteThere() {
    ByteBuf buffer = TestThreads.call(loop, () -> allocate(true, 64));
    int end = buffer.internalNioBuffer(0, 64).limit();
    unlimited(buffer).put(end, (byte) 1);
    buffer.release();
    foundPastTheEnd(64, 64);
  }

  // Writes after the release, through views that were kept

  private void foundLate() {
    assertThat(
            log.lines("WRITTEN AFTER RELEASE: a buffer of 64 bytes from request 1 of connection 7"))
        .hasSize(1);
    assertThat(
            log.lines(
                "allocated at "
                    + FullChecksTest.class.getName()
                    + ".allocate(FullChecksTest.java:"))
        .hasSize(1);
    assertThat(log.lines("released at " + FullChecksTest.class.getName() + ".release(")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aLateWriteIsFoundWhenItsBytesAreHandedOutAgain(boolean direct) {
    TestThreads.run(
        loop,
        () -> {
          ByteBuf other = direct ? arena.directBuffer(8) : arena.heapBuffer(8); // keeps the block
          ByteBuf buffer = allocate(direct, 64);
          ByteBuffer kept = buffer.nioBuffer(0, 64);
          release(buffer);
          kept.putInt(8, 1);
          ByteBuf next = direct ? arena.directBuffer(64) : arena.heapBuffer(64);
          foundLate();
          next.release();
          other.release();
        });
    assertThat(log.lines("WRITTEN")).as("reported once").hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aLateWriteIsFoundWhenTheBlockIsGivenBack(boolean direct) {
    TestThreads.run(
        loop,
        () -> {
          ByteBuf buffer = allocate(direct, 64);
          ByteBuffer kept = buffer.nioBuffer(0, 64);
          release(buffer);
          kept.put(0, (byte) 1);
          arena.reset();
          foundLate();
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aLateWriteIntoAnIdleBlockIsFoundWhenItIsLeasedByAnother(boolean direct) {
    ConnectionArena another = arena.shared().newConnectionArena(loop, "connection 8");
    TestThreads.run(
        loop,
        () -> {
          ByteBuf buffer = allocate(direct, 64);
          ByteBuffer kept = unlimited(buffer);
          int from = buffer.internalNioBuffer(0, 64).position();
          release(buffer);
          arena.reset();
          kept.put(from + 40, (byte) 1);
          ByteBuf ofAnother = direct ? another.directBuffer(8) : another.heapBuffer(8);
          foundLate();
          ofAnother.release();
          another.close();
        });
    assertThat(log.lines("WRITTEN")).as("reported once").hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void lateWritesAreFoundInScrubbedBlocksToo(boolean direct) {
    ConnectionArena scrubbed =
        guard
            .another(
                ArenaByteBufAllocator.builder()
                    .trimInterval(Duration.ZERO)
                    .scrub(true)
                    .checks(Checks.FULL))
            .newConnectionArena(loop, "connection 7");
    TestThreads.run(
        loop,
        () -> {
          for (int round = 0; round < 3; round++) {
            ByteBuf buffer = direct ? scrubbed.directBuffer(64) : scrubbed.heapBuffer(64);
            ByteBuffer kept = buffer.nioBuffer(0, 64);
            buffer.release();
            scrubbed.reset();
            kept.put(5, (byte) (round == 1 ? 1 : 0));
          }
          scrubbed.close();
        });
    assertThat(log.lines("WRITTEN AFTER RELEASE")).hasSize(1);
  }
}
