package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A buffer to read into is no larger than the connection's course, and no smaller than it must. */
class ReadBufferTest {
  private static final int LEAST = 1024;
  private static final int GUESS = 64 * 1024;
  private static final int BLOCK = 4 * 1024;

  @RegisterExtension static final OnEventLoop loop = new OnEventLoop();
  @RegisterExtension private final UpstreamGuard guard = UpstreamGuard.of(Checks.OFF);

  private final List<ByteBuf> alive = new ArrayList<>();
  private ConnectionArena arena;

  @BeforeEach
  void openArena() {
    arena = guard.allocator().newConnectionArena(loop.loop(), "the connection");
    arena.directBuffer(100).release();
    arena.reset();
  }

  @AfterEach
  void closeArena() {
    alive.forEach(ByteBuf::release);
    arena.close();
  }

  private ByteBuf read(int least, int wanted) {
    ByteBuf buffer = arena.readBuffer(least, wanted);
    alive.add(buffer);
    return buffer;
  }

  @Test
  void aGuessLeasesNoLargerBlockThanItMust() {
    assertThat(read(LEAST, GUESS).capacity()).isEqualTo(BLOCK);
    assertThat(arena.metric().chargedBytes()).isEqualTo(BLOCK);
  }

  @Test
  void whatFitsTheBlockAtHandIsReadIntoThat() {
    read(LEAST, GUESS).capacity(1000);
    assertThat(read(LEAST, GUESS).capacity()).isEqualTo(BLOCK - 1008);
    assertThat(arena.metric().leasedBlocks()).isEqualTo(1);
  }

  @Test
  void whatMustBeIs() {
    assertThat(read(GUESS, GUESS).capacity()).isEqualTo(GUESS);
    assertThat(read(1, 1).capacity()).isEqualTo(1);
  }

  @Test
  void aRequestThatUsedMoreGetsMore() {
    for (int i = 0; i < 10; i++) {
      arena.directBuffer(3000).release();
      ByteBuf first = arena.directBuffer(3000);
      ByteBuf second = arena.directBuffer(9000);
      first.release();
      second.release();
      arena.reset();
    }
    assertThat(read(LEAST, GUESS).capacity()).isGreaterThan(BLOCK);
  }

  @Test
  void aReadOfNothingIsNoReasonForALargerBlock() {
    for (int i = 0; i < 10; i++) {
      ByteBuf nothing = arena.readBuffer(LEAST, GUESS);
      nothing.capacity(0).release();
      arena.reset();
    }
    assertThat(read(LEAST, GUESS).capacity()).isEqualTo(BLOCK);
  }

  @Test
  void whereManyBlocksAreHeldASmallReadStaysAmongTheSmall() {
    for (int i = 0; i < 40; i++) {
      alive.add(arena.directBuffer(6000));
    }
    int held = arena.metric().leasedBlocks();
    assertThat(read(LEAST, GUESS).capacity()).isBetween(LEAST, GUESS);
    assertThat(arena.metric().leasedBlocks()).isBetween(held, held + 1);
  }

  @Test
  void theExtremesOfTheRange() {
    assertThatThrownBy(() -> arena.readBuffer(0, 10))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("least: 0, wanted: 10");
    assertThatThrownBy(() -> arena.readBuffer(11, 10)).isInstanceOf(IllegalArgumentException.class);
  }
}
