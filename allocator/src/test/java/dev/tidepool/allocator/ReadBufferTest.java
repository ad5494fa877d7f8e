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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sizes of read buffers and of the blocks leased for them. */
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
  void aReadUsesTheRoomInTheCurrentBlock() {
    read(LEAST, GUESS).capacity(1000);
    assertThat(read(LEAST, GUESS).capacity()).isEqualTo(BLOCK - 1008);
    assertThat(arena.metric().leasedBlocks()).isEqualTo(1);
  }

  @Test
  void aReadHasAtLeastTheLeastSize() {
    assertThat(read(GUESS, GUESS).capacity()).isEqualTo(GUESS);
    assertThat(read(1, 1).capacity()).isEqualTo(1);
  }

  private void use(int bytes) {
    arena.directBuffer(bytes).release();
    arena.reset();
  }

  @Test
  void aByteOfTheNextRequestHoldsNoMoreThanAByteNeeds() {
    use(1_000_000);
    ByteBuf read = arena.readBuffer(1024, 2048).writeByte('G').capacity(1);
    alive.add(read);
    assertThat(arena.metric().chargedBytes()).isEqualTo(BLOCK);
    arena.reset(); // in the middle of a request: what was read stays
    assertThat(arena.metric().chargedBytes()).isEqualTo(BLOCK);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3000, 40_000, 100_000, 300_000, 1_000_000})
  void aReadsBlockDoesNotFollowWhatRequestsUsed(int used) {
    for (int i = 0; i < 3; i++) {
      use(used);
    }
    assertThat(read(LEAST, GUESS).capacity()).isEqualTo(BLOCK);
    assertThat(arena.metric().chargedBytes()).isEqualTo(BLOCK);
  }

  @Test
  void aBlockLeasedAfterAReadFollowsThePredictionOfRequests() {
    for (int i = 0; i < 3; i++) {
      for (int buffers = 0; buffers < 10; buffers++) {
        alive.add(arena.directBuffer(6000));
      }
      alive.forEach(ByteBuf::release);
      alive.clear();
      arena.reset();
    }
    read(LEAST, GUESS).capacity(1000);
    alive.add(arena.directBuffer(3000));
    assertThat(arena.metric().leasedBlocks())
        .as("the rest of the read's block is used first")
        .isEqualTo(1);
    for (int buffers = 0; buffers < 10; buffers++) {
      alive.add(arena.directBuffer(6000));
    }
    assertThat(arena.metric().leasedBlocks()).as("one more, of the predicted size").isEqualTo(2);
  }

  @Test
  void manyReadsAreHeldInFewBlocks() {
    int bytes = 0;
    for (int i = 0; i < 2000; i++) {
      ByteBuf read = read(LEAST, GUESS);
      read.capacity(Math.min(500, read.capacity()));
      bytes += 512;
    }
    assertThat(arena.metric().leasedBlocks()).isLessThan(12);
    assertThat(arena.metric().chargedBytes()).isLessThan(2L * bytes);
  }

  @Test
  void equalRequestsLeaseTheSameNumberOfBlocks() {
    List<Integer> blocks = new ArrayList<>();
    for (int request = 0; request < 50; request++) {
      read(LEAST, GUESS).capacity(700);
      for (int buffers = 0; buffers < 20; buffers++) {
        alive.add(arena.directBuffer(400));
      }
      blocks.add(arena.metric().leasedBlocks());
      alive.forEach(ByteBuf::release);
      alive.clear();
      arena.reset();
    }
    assertThat(blocks.subList(1, 50)).containsOnly(2);
  }

  @Test
  void aConnectionsFirstReadIsLikeOthers() {
    ConnectionArena another = guard.allocator().newConnectionArena(loop.loop(), "another");
    ByteBuf read = another.readBuffer(LEAST, GUESS);
    assertThat(read.capacity()).isEqualTo(BLOCK);
    read.release();
    another.nothingRead();
    assertThat(another.metric().chargedBytes()).isZero();
    another.close();
  }

  @Test
  void aReadOfNothingGivesEmptyBlocksBack() {
    ByteBuf kept = arena.directBuffer(10);
    read(GUESS, GUESS);
    alive.remove(0).release();
    arena.nothingRead();
    assertThat(arena.metric().chargedBytes()).as("kept").isEqualTo(BLOCK);
    kept.release();
    arena.nothingRead();
    assertThat(arena.metric().chargedBytes()).isZero();
    assertThat(arena.metric().requests()).as("the request goes on").isEqualTo(1);
  }

  @Test
  void blocksGivenBackDoNotDoubleInARequestThatNeverEnds() {
    for (int i = 0; i < 20; i++) {
      ByteBuf read = arena.readBuffer(LEAST, GUESS);
      assertThat(arena.metric().chargedBytes()).as("read %d", i).isEqualTo(BLOCK);
      read.release();
      arena.nothingRead();
    }
    for (int i = 0; i < 20; i++) {
      ByteBuf other = arena.directBuffer(10);
      assertThat(arena.metric().chargedBytes()).as("other %d", i).isEqualTo(BLOCK);
      other.release();
      guard.trim();
    }
  }

  @Test
  void aClosedArenaStillServesReads() {
    arena.close();
    assertThat(read(LEAST, GUESS).capacity()).isEqualTo(GUESS);
    arena.nothingRead();
    assertThat(arena.metric().chargedBytes()).isZero();
  }

  @Test
  void aReadOfNothingDoesNotEnlargeTheNextBlock() {
    for (int i = 0; i < 10; i++) {
      ByteBuf nothing = arena.readBuffer(LEAST, GUESS);
      nothing.capacity(0).release();
      arena.reset();
    }
    assertThat(read(LEAST, GUESS).capacity()).isEqualTo(BLOCK);
  }

  @Test
  void aSmallReadUsesASmallBlockWhenManyAreHeld() {
    for (int i = 0; i < 40; i++) {
      alive.add(arena.directBuffer(6000));
    }
    int held = arena.metric().leasedBlocks();
    assertThat(read(LEAST, GUESS).capacity()).isBetween(LEAST, GUESS);
    assertThat(arena.metric().leasedBlocks()).isBetween(held, held + 1);
  }

  @Test
  void sizesOutOfRangeAreRefused() {
    assertThatThrownBy(() -> arena.readBuffer(0, 10))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("least: 0, wanted: 10");
    assertThatThrownBy(() -> arena.readBuffer(11, 10)).isInstanceOf(IllegalArgumentException.class);
  }
}
