package dev.tidepool.echo.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidepool.allocator.ArenaBudgetExceededException;
import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.allocator.ConnectionArena;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.concurrent.ImmediateEventExecutor;
import org.junit.jupiter.api.Test;

/** What is left of a record and the next read end up in one buffer of their size. */
class RecordCumulatorTest {
  private static final RecordCumulator CUMULATOR = RecordCumulator.INSTANCE;

  @Test
  void joinsWhatIsLeftWithTheNextRead() {
    ByteBuf left = Unpooled.buffer(1 << 20).writeZero(1000).writeByte(1).skipBytes(1000);
    ByteBuf in = Unpooled.wrappedBuffer(new byte[] {2, 3});
    ByteBuf joined = CUMULATOR.cumulate(UnpooledByteBufAllocator.DEFAULT, left, in);
    assertThat(joined).isEqualTo(Unpooled.wrappedBuffer(new byte[] {1, 2, 3}));
    assertThat(joined.capacity()).isEqualTo(3);
    assertThat(left.refCnt()).isZero();
    assertThat(in.refCnt()).isZero();
    joined.release();
  }

  @Test
  void copiesNothingWhereNothingIsLeft() {
    ByteBuf left = Unpooled.buffer(10);
    ByteBuf in = Unpooled.wrappedBuffer(new byte[] {2, 3});
    assertThat(CUMULATOR.cumulate(UnpooledByteBufAllocator.DEFAULT, left, in)).isSameAs(in);
    assertThat(left.refCnt()).isZero();
    in.release();
  }

  @Test
  void keepsWhatIsLeftForTheDecoderIfABudgetRefuses() {
    ArenaByteBufAllocator allocator = ArenaByteBufAllocator.builder().hardBudget(1 << 16).build();
    try (ConnectionArena arena = allocator.newConnectionArena(ImmediateEventExecutor.INSTANCE)) {
      ByteBuf left = Unpooled.buffer(1).writeByte(1);
      ByteBuf in = Unpooled.wrappedBuffer(new byte[1 << 17]);
      assertThatThrownBy(() -> CUMULATOR.cumulate(arena, left, in))
          .isInstanceOf(ArenaBudgetExceededException.class);
      assertThat(left.refCnt()).isEqualTo(1);
      assertThat(in.refCnt()).isZero();
      left.release();
    }
    allocator.trim();
  }
}
