package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The guard itself: it fails a test that leaks. */
class UpstreamGuardTest {
  @RegisterExtension static final OnEventLoop loop = new OnEventLoop();

  private final UpstreamGuard guard = UpstreamGuard.of(Checks.OFF);

  @Test
  void aTestRunsOnTheEventLoop() {
    assertThat(loop.loop().inEventLoop()).isTrue();
    assertThat(guard.allocator().pools().ofCurrentThread()).isNotNull();
  }

  @Test
  void aForgottenDirectBufferFailsTheTest() {
    assertFailsUntilReleased(guard.allocator().directBuffer(), "direct upstream memory");
  }

  @Test
  void aForgottenHeapBufferFailsTheTest() {
    assertFailsUntilReleased(guard.allocator().heapBuffer(), "heap upstream memory");
  }

  private void assertFailsUntilReleased(ByteBuf forgotten, String message) {
    assertThatThrownBy(guard::verify)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(message);
    forgotten.release();
    guard.verify();
  }
}
