package dev.tidepool.echo.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidepool.allocator.ArenaByteBufAllocator;
import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The allocators that can be chosen by name. */
class AllocatorChoiceTest {

  /** An allocator whose class makes fresh ones, and has no metric. */
  public static class Foreign extends AbstractByteBufAllocator {
    public static final Foreign DEFAULT = new Foreign();

    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
      return Unpooled.buffer(initialCapacity, maxCapacity);
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
      return Unpooled.directBuffer(initialCapacity, maxCapacity);
    }

    @Override
    public boolean isDirectBufferPooled() {
      return false;
    }
  }

  /** An allocator that cannot be made. */
  public static final class Broken extends Foreign {
    public Broken() {
      throw new UnsupportedOperationException("no native library");
    }
  }

  /** An allocator that has neither a public constructor nor a default. */
  public abstract static class Closed extends AbstractByteBufAllocator {}

  /** Not an allocator, although it has a default that is one. */
  public static final class NoAllocator {
    public static final ByteBufAllocator DEFAULT = UnpooledByteBufAllocator.DEFAULT;
  }

  @ParameterizedTest
  @MethodSource("dev.tidepool.echo.server.AllocatorChoice#named")
  void everyNameMakesFreshAllocators(AllocatorChoice choice) {
    assertThat(AllocatorChoice.of(choice.toString().toUpperCase(Locale.ROOT))).isSameAs(choice);
    assertThat(choice.create()).isNotSameAs(choice.create());
    assertThat(choice.isTidepool()).isEqualTo(choice.create() instanceof ArenaByteBufAllocator);
  }

  @Test
  void onlyOneGivesConnectionsArenas() {
    assertThat(AllocatorChoice.named())
        .filteredOn(AllocatorChoice::hasConnectionArenas)
        .containsExactly(AllocatorChoice.CONNECTION);
    assertThat(AllocatorChoice.ARENA.newMemory(options -> {}).hasConnectionArenas()).isFalse();
    assertThat(AllocatorChoice.ARENA.newMemory(options -> {}).arenas()).isNotNull();
    assertThat(AllocatorChoice.CONNECTION.newMemory(options -> {}).hasConnectionArenas()).isTrue();
  }

  @Test
  void aClassMakesFreshAllocatorsByItsConstructor() {
    AllocatorChoice choice = AllocatorChoice.of(Foreign.class.getName());
    assertThat(choice).hasToString(Foreign.class.getName());
    assertThat(choice.create()).isExactlyInstanceOf(Foreign.class).isNotSameAs(Foreign.DEFAULT);
    assertThat(choice.isTidepool()).isFalse();
    assertThat(AllocatorChoice.of(PooledByteBufAllocator.class.getName()).create())
        .isNotSameAs(PooledByteBufAllocator.DEFAULT);
  }

  @Test
  void elseItsDefaultIsTaken() {
    assertThat(AllocatorChoice.of(UnpooledByteBufAllocator.class.getName()).create())
        .isSameAs(UnpooledByteBufAllocator.DEFAULT);
    AllocatorChoice own = AllocatorChoice.of(ArenaByteBufAllocator.class.getName());
    assertThat(own.create()).isSameAs(ArenaByteBufAllocator.DEFAULT);
    assertThat(own.isTidepool()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"heap", "", "java.lang.", "no.such.Allocator"})
  void whatIsNotThereIsRefusedWithTheNamesOfAll(String name) {
    assertThatThrownBy(() -> AllocatorChoice.of(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "'"
                + name
                + "' is not known, expected one of "
                + "[connection, arena, pooled, adaptive, unpooled] or a class on the class path");
  }

  @Test
  void aClassThatIsNoneIsRefused() {
    assertThatThrownBy(() -> AllocatorChoice.of(NoAllocator.class.getName()))
        .hasMessageContaining("is not a public ByteBufAllocator");
    assertThatThrownBy(() -> AllocatorChoice.of(Closed.class.getName()))
        .hasMessageContaining("has neither a public constructor without parameters nor");
  }

  @Test
  void aConstructorThatThrowsSaysWhatItThrew() {
    AllocatorChoice choice = AllocatorChoice.of(Broken.class.getName());
    assertThatThrownBy(choice::create)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(Broken.class.getName())
        .hasMessageContaining("no native library");
  }

  @Test
  void anAllocatorWithoutAMetricHasNoFigures() {
    ServerMemory memory = AllocatorChoice.of(Foreign.class.getName()).newMemory(options -> {});
    assertThat(memory.used()).isEqualTo(-1);
    assertThat(memory.usedDirect()).isEqualTo(-1);
    assertThat(memory.usedHeap()).isEqualTo(-1);
    MemorySummary summary = memory.summary(Duration.ZERO);
    assertThat(summary.kept()).isTrue();
    assertThat(summary.lines().get(0)).isEqualTo("memory: not counted by the allocator");
  }
}
