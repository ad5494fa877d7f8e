package dev.tidepool.allocator.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The base of Tidepool's additions to Netty's contract suites: they run on every kind of arena
 * buffer, and on those of Netty's allocators.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("sources")
abstract class BufferContract {
  @RegisterExtension final BufferSource source;

  BufferContract(BufferSource source) {
    this.source = source;
  }

  static Stream<BufferSource> sources() {
    return Stream.concat(NettySource.all(), Variant.all().map(ArenaFixture::new));
  }

  /** A buffer of {@code length} bytes with its indices at 0. */
  final ByteBuf buffer(int length) {
    return source.allocate(length, Integer.MAX_VALUE);
  }

  /** A buffer that has {@code bytes} to read. */
  final ByteBuf bufferOf(byte[] bytes) {
    return buffer(bytes.length).setBytes(0, bytes).writerIndex(bytes.length);
  }

  /** Bytes that differ from seed to seed and from place to place. */
  static byte[] pattern(int seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  static void assertBytes(ByteBuf buffer, int index, byte[] expected) {
    byte[] bytes = ByteBufUtil.getBytes(buffer, index, expected.length, true);
    assertThat(Arrays.mismatch(bytes, expected)).as("first wrong byte of %s", buffer).isEqualTo(-1);
  }

  static void releaseAll(ByteBuf... buffers) {
    for (ByteBuf buffer : buffers) {
      assertThat(buffer.release()).as("the last reference to %s", buffer).isTrue();
    }
  }

  /** Runs {@code body} on a new thread, waits for it, and throws what it throws. */
  static void onOtherThread(Runnable body) {
    startOther(body).join();
  }

  /** Starts {@code body} on a new thread; {@code join} throws what it throws. */
  static CompletableFuture<Void> startOther(Runnable body) {
    return CompletableFuture.runAsync(body, task -> new Thread(task, "other").start());
  }

  /** Runs {@code body} on {@code threads} threads at once, each with its number; waits for all. */
  static void inParallel(int threads, IntConsumer body) {
    CompletableFuture<?>[] all = new CompletableFuture<?>[threads];
    for (int i = 0; i < threads; i++) {
      int number = i;
      all[i] = startOther(() -> body.accept(number));
    }
    CompletableFuture.allOf(all).join();
  }
}
