package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The footprint of the small requests that follow a large one. */
class LargeRequestTest {
  private static final int LARGE_BUFFERS = 2048;
  private static final int LARGE_BUFFER = 4 * 1024;
  private static final int SMALL_BUFFER = 1024;
  private static final int SMALL_REQUESTS = 16;

  @RegisterExtension static final OnEventLoop loop = new OnEventLoop();
  @RegisterExtension private final UpstreamGuard guard = UpstreamGuard.of(Checks.OFF);

  @Test
  void sixteenSmallRequestsShrinkTheFootprint() {
    try (ConnectionArena arena = guard.allocator().newConnectionArena(loop.loop())) {
      long small = heldInRequest(arena, 1, SMALL_BUFFER);
      heldInRequest(arena, LARGE_BUFFERS, LARGE_BUFFER);
      long held = heldInRequest(arena, 1, SMALL_BUFFER);
      assertThat(held).isGreaterThan(small);
      for (int i = 1; i < SMALL_REQUESTS; i++) {
        held = heldInRequest(arena, 1, SMALL_BUFFER);
      }
      assertThat(held).isEqualTo(small);
    }
  }

  /** The bytes of blocks at the end of a request of so many buffers, all alive. */
  private static long heldInRequest(ConnectionArena arena, int buffers, int bytes) {
    ByteBuf[] alive = new ByteBuf[buffers];
    for (int i = 0; i < buffers; i++) {
      alive[i] = arena.directBuffer(bytes);
    }
    long held = arena.metric().chargedBytes();
    for (ByteBuf each : alive) {
      each.release();
    }
    arena.reset();
    return held;
  }
}
