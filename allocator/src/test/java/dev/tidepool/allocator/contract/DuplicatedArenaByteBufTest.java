package dev.tidepool.allocator.contract;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.DuplicatedByteBufTest;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Netty's contract of a duplicate, for duplicates of arena buffers. */
@ParameterizedClass(name = "{0}")
@MethodSource("arenas")
class DuplicatedArenaByteBufTest extends DuplicatedByteBufTest {
  @RegisterExtension final ArenaFixture arena;

  DuplicatedArenaByteBufTest(ArenaFixture arena) {
    this.arena = arena;
  }

  static Stream<ArenaFixture> arenas() {
    return Variant.of(Variant.From.SHARED, Variant.From.CONNECTION).map(ArenaFixture::new);
  }

  @Override
  protected ByteBuf newBuffer(int length, int maxCapacity) {
    ByteBuf whole = arena.allocate(length, maxCapacity);
    ByteBuf duplicate = whole.retainedDuplicate();
    whole.release();
    return duplicate;
  }

  /** Netty's test leaves its buffer to the garbage collector. Otherwise unchanged. */
  @Override
  @Test
  public void testIncreaseCapacityWrapped() {
    arena.expectForgottenBuffers();
    super.testIncreaseCapacityWrapped();
  }
}
