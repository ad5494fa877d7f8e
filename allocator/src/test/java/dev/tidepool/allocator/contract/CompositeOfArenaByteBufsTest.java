package dev.tidepool.allocator.contract;

import static org.assertj.core.api.Assumptions.assumeThat;

import io.netty.buffer.BigEndianCompositeByteBufTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Netty's contract of a composite, for composites of arena buffers. */
@ParameterizedClass(name = "{0}")
@MethodSource("arenas")
class CompositeOfArenaByteBufsTest extends BigEndianCompositeByteBufTest {
  private static final int COMPONENT = 45;

  @RegisterExtension final ArenaFixture arena;

  CompositeOfArenaByteBufsTest(ArenaFixture arena) {
    this.arena = arena;
  }

  static Stream<ArenaFixture> arenas() {
    return Variant.of(Variant.From.SHARED, Variant.From.CONNECTION).map(ArenaFixture::new);
  }

  @Override
  protected CompositeByteBuf newCompositeBuffer() {
    return newCompositeBuffer(16);
  }

  private CompositeByteBuf newCompositeBuffer(int maxComponents) {
    return arena.isDirect()
        ? arena.allocator().compositeDirectBuffer(maxComponents)
        : arena.allocator().compositeHeapBuffer(maxComponents);
  }

  /**
   * Made like Netty's: of small components, with empty ones between them. Like Netty's, skips the
   * tests of {@code maxCapacity}, which a composite cannot have.
   */
  @Override
  protected ByteBuf newBuffer(int length, int maxCapacity) {
    assumeThat(maxCapacity).isEqualTo(Integer.MAX_VALUE);
    CompositeByteBuf composite = newCompositeBuffer(Integer.MAX_VALUE);
    for (int bytes = 0; bytes < length + COMPONENT; bytes += COMPONENT) {
      for (int size = 1; size < 10; size++) {
        composite.addComponent(Unpooled.EMPTY_BUFFER);
        composite.addComponent(true, arena.allocate(size, size).writerIndex(size));
      }
    }
    composite.capacity(length);
    return composite.writerIndex(0);
  }
}
