package dev.tidepool.allocator.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.util.IllegalReferenceCountException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Counting references: the cases of Netty's {@code AbstractReferenceCountedByteBufTest}, which
 * takes no other buffer, and what several threads do to one buffer.
 */
class ReferenceCountTest extends BufferContract {
  private static final int THREADS = 4;

  ReferenceCountTest(BufferSource source) {
    super(source);
  }

  @Test
  void aBufferStartsWithOneReference() {
    ByteBuf buffer = buffer(8);
    assertThat(buffer.refCnt()).isEqualTo(1);
    assertThat(buffer.retain().refCnt()).isEqualTo(2);
    assertThat(buffer.release()).isFalse();
    assertThat(buffer.release()).isTrue();
    assertThat(buffer.refCnt()).isZero();
  }

  @Test
  void manyReferencesAreTakenAndReleasedAtOnce() {
    ByteBuf buffer = buffer(8).retain(1 << 20);
    assertThat(buffer.refCnt()).isEqualTo((1 << 20) + 1);
    assertThat(buffer.release(1 << 20)).isFalse();
    releaseAll(buffer);
  }

  @Test
  void tooManyReferencesLeaveTheCountAsItWas() {
    ByteBuf buffer = buffer(8);
    assertThatThrownBy(() -> buffer.retain(Integer.MAX_VALUE))
        .isInstanceOf(IllegalReferenceCountException.class);
    assertThat(buffer.refCnt()).isEqualTo(1);
    releaseAll(buffer);
  }

  @Test
  void releasingMoreThanThereAreLeavesTheCountAsItWas() {
    ByteBuf buffer = buffer(8).retain();
    assertThatThrownBy(() -> buffer.release(3)).isInstanceOf(IllegalReferenceCountException.class);
    assertThat(buffer.refCnt()).isEqualTo(2);
    assertThat(buffer.release(2)).isTrue();
  }

  @Test
  void whatIsReleasedStaysReleased() {
    ByteBuf buffer = buffer(8);
    releaseAll(buffer);
    assertThatThrownBy(buffer::retain).isInstanceOf(IllegalReferenceCountException.class);
    assertThatThrownBy(() -> buffer.retain(2)).isInstanceOf(IllegalReferenceCountException.class);
    assertThatThrownBy(() -> buffer.release(1))
        .isInstanceOf(IllegalReferenceCountException.class)
        .hasMessageStartingWith("refCnt: 0, decrement: 1");
    assertThatThrownBy(buffer::release).isInstanceOf(IllegalReferenceCountException.class);
    assertThat(buffer.refCnt()).isZero();
  }

  @Test
  void onlyPositiveNumbersOfReferencesAreAllowed() {
    ByteBuf buffer = buffer(8);
    for (int number : new int[] {0, -1, Integer.MIN_VALUE}) {
      assertThatIllegalArgumentException().isThrownBy(() -> buffer.retain(number));
      assertThatIllegalArgumentException().isThrownBy(() -> buffer.release(number));
    }
    assertThat(buffer.refCnt()).isEqualTo(1);
    releaseAll(buffer);
  }

  @Test
  void derivedBuffersKeepTheBytesAlive() {
    ByteBuf buffer = bufferOf(pattern(1, 8));
    ByteBuf slice = buffer.retainedSlice(2, 4);
    ByteBuf duplicate = slice.retainedDuplicate();
    buffer.release();
    slice.release();
    assertBytes(duplicate, 0, Arrays.copyOfRange(pattern(1, 8), 2, 6));
    releaseAll(duplicate);
    assertThat(buffer.refCnt()).isZero();
  }

  @Test
  void threadsThatRetainAndReleaseLeaveTheCountAsItWas() {
    ByteBuf buffer = buffer(8).setLong(0, 42);
    inParallel(
        THREADS,
        thread -> {
          for (int i = 0; i < 1000; i++) {
            assertThat(buffer.retain().getLong(0)).isEqualTo(42);
            assertThat(buffer.release()).isFalse();
          }
        });
    assertThat(buffer.refCnt()).isEqualTo(1);
    releaseAll(buffer);
  }

  @Test
  void exactlyOneOfManyThreadsReleasesTheLast() {
    ByteBuf[] buffers = new ByteBuf[200];
    for (int i = 0; i < buffers.length; i++) {
      buffers[i] = buffer(1 + i).retain(THREADS - 1);
    }
    AtomicInteger last = new AtomicInteger();
    inParallel(
        THREADS,
        thread -> {
          for (ByteBuf buffer : buffers) {
            if (buffer.release()) {
              last.incrementAndGet();
            }
          }
        });
    assertThat(last).hasValue(buffers.length);
  }

  @Test
  void exactlyOneOfTwoRacingThreadsReleasesTheLast() {
    ByteBuf[] buffers = new ByteBuf[200];
    for (int i = 0; i < buffers.length; i++) {
      buffers[i] = buffer(64).retain();
    }
    CyclicBarrier start = new CyclicBarrier(2);
    AtomicInteger last = new AtomicInteger();
    CompletableFuture<Void> other = startOther(() -> releaseEach(buffers, start, last));
    releaseEach(buffers, start, last);
    other.join();
    assertThat(last).hasValue(buffers.length);
  }

  private static void releaseEach(ByteBuf[] buffers, CyclicBarrier start, AtomicInteger last) {
    for (ByteBuf buffer : buffers) {
      try {
        start.await();
        if (buffer.release()) {
          last.incrementAndGet();
        }
      } catch (Exception e) {
        start.reset(); // so that the other thread fails too, and does not wait
        throw new AssertionError(e);
      }
    }
  }

  @Test
  void writesBeforeAReleaseAreSeenAfterIt() {
    ByteBuf buffer = buffer(THREADS * Long.BYTES);
    buffer.retain(THREADS);
    inParallel(
        THREADS,
        thread -> {
          buffer.setLong(thread * Long.BYTES, thread + 1);
          buffer.release();
        });
    for (int thread = 0; thread < THREADS; thread++) {
      assertThat(buffer.getLong(thread * Long.BYTES)).isEqualTo(thread + 1);
    }
    releaseAll(buffer);
  }

  @Test
  void aBufferReleasedElsewhereMakesRoomForOthers() {
    for (int round = 0; round < 50; round++) {
      ByteBuf gone = bufferOf(pattern(round, 1000));
      ByteBuf stays = bufferOf(pattern(-round - 1, 1000));
      onOtherThread(gone::release);
      ByteBuf next = bufferOf(pattern(round + 1, 1000));
      assertBytes(stays, 0, pattern(-round - 1, 1000));
      assertBytes(next, 0, pattern(round + 1, 1000));
      releaseAll(stays, next);
    }
  }
}
