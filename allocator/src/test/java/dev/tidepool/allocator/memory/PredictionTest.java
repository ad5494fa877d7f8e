package dev.tidepool.allocator.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.memory.MemoryOptions.ChecksLevel;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The next block is as large as what requests lately used, and falls with them. */
class PredictionTest {
  private static final int BUMP_LIMIT = 4000;

  private final BlockPool pool =
      Pools.owned(
          Pools.options(ChecksLevel.OFF, Pools.MUCH),
          new Upstream(new UnpooledByteBufAllocator(false)));
  private final Block block = pool.lease(MemoryKind.HEAP, 0, Pools.SMALLEST);
  private final Prediction prediction =
      new Prediction() {
        @Override
        int bumpLimit() {
          return BUMP_LIMIT;
        }
      };

  @AfterEach
  void giveBack() {
    block.moveTo(0, block.capacity);
    pool.giveBack(block);
    pool.close();
  }

  /** The request bumps so many bytes, in a block from its beginning. */
  private void use(int bytes) {
    bump(bytes);
    prediction.harvest(block);
  }

  private void bump(int bytes) {
    block.moveTo(0, block.capacity);
    block.harvestAllocated();
    block.harvestPeak();
    block.position = bytes;
  }

  private long request(int bytes) {
    use(bytes);
    return prediction.predict();
  }

  @Test
  void aRequestThatUsesMoreIsExpectedAtOnce() {
    assertThat(request(900)).isEqualTo(900);
    assertThat(prediction.predicted()).isEqualTo(900);
    assertThat(request(1000)).isEqualTo(1000);
    assertThat(prediction.predicted()).isEqualTo(1000);
    assertThat(prediction.nextSize(0, true)).isEqualTo(1000);
  }

  @Test
  void aSmallerOneTakesAThirdOfTheDifferenceOffAndAtLeastAByte() {
    request(1000);
    request(100);
    assertThat(prediction.predicted()).isEqualTo(1000 - 900 / 3);
    prediction.predicted(102);
    request(100);
    assertThat(prediction.predicted()).isEqualTo(101);
    request(100);
    assertThat(prediction.predicted()).isEqualTo(100);
    request(100);
    assertThat(prediction.predicted()).isEqualTo(100);
  }

  @Test
  void aRequestThatAllocatedNothingSaysNothing() {
    request(1000);
    assertThat(prediction.predict()).isZero();
    assertThat(prediction.predicted()).isEqualTo(1000);
  }

  @Test
  void noMoreIsExpectedThanABlockToBumpInHas() {
    use(BUMP_LIMIT - 1);
    use(BUMP_LIMIT - 1);
    assertThat(prediction.predict()).isEqualTo(2 * (BUMP_LIMIT - 1));
    assertThat(prediction.predicted()).isEqualTo(BUMP_LIMIT);
  }

  @Test
  void whatIsLeftOfThePredictionIsTheNextBlock() {
    prediction.predicted(1000);
    use(400);
    assertThat(prediction.nextSize(400, true)).isEqualTo(600);
    assertThat(prediction.nextSize(400, false)).isEqualTo(600);
    use(599);
    assertThat(prediction.nextSize(999, false)).isEqualTo(1);
  }

  @Test
  void beyondItsPredictionARequestGoesOnInEighthsOfWhatIsHeld() {
    use(1600);
    assertThat(prediction.nextSize(1600, false)).isEqualTo(200);
    assertThat(prediction.nextSize(800, false)).isEqualTo(100);
    assertThat(prediction.nextSize(8000, false)).as("what it bumped in").isEqualTo(200);
    assertThat(prediction.nextSizeByHeld(800)).isEqualTo(100);
    assertThat(prediction.partOf(80_000)).isEqualTo(BUMP_LIMIT);
    assertThat(prediction.partOf(7)).isEqualTo(1);
  }

  @Test
  void whereEverythingElseDiedWhatCameComesNext() {
    use(1600);
    assertThat(prediction.nextSize(600, true)).isEqualTo(1000);
    assertThat(prediction.nextSize(1600, true)).isEqualTo(1);
  }

  @Test
  void theCourseIsBoundedAndBeginsAnew() {
    for (int i = 0; i < 20; i++) {
      use(BUMP_LIMIT);
    }
    assertThat(prediction.nextSizeByHeld(Long.MAX_VALUE)).isEqualTo(BUMP_LIMIT);
    assertThat(prediction.nextSize(8 * BUMP_LIMIT - 10, true)).isEqualTo(10);
    prediction.beginCourse();
    assertThat(prediction.nextSizeByHeld(Long.MAX_VALUE)).isEqualTo(1);
  }

  @Test
  void largeBuffersCountAsBytesAndAreNotExpected() {
    bump(1000);
    prediction.harvestLarge(block);
    assertThat(prediction.nextSizeByHeld(Long.MAX_VALUE)).isEqualTo(1);
    assertThat(prediction.predict()).isEqualTo(1000);
    assertThat(prediction.predicted()).isZero();
    assertThat(block.harvestAllocated()).as("counted once").isZero();
    assertThat(block.harvestPeak()).isZero();
  }

  // Reads

  @Test
  void blocksOfReadsDoubleFromTheSmallestWhateverRequestsUse() {
    prediction.predicted(BUMP_LIMIT);
    assertThat(prediction.nextSizeToRead(1, 500)).isEqualTo(500);
    assertThat(prediction.nextSizeToRead(501, 500)).isEqualTo(501);
    prediction.noteLeasedToRead();
    assertThat(prediction.nextSizeToRead(1, 500)).isEqualTo(1000);
    prediction.noteLeasedToRead();
    prediction.noteLeasedToRead();
    assertThat(prediction.nextSizeToRead(1, 500)).isEqualTo(BUMP_LIMIT);
    prediction.noteLeasedToRead();
    assertThat(prediction.nextSizeToRead(1, 500)).isEqualTo(BUMP_LIMIT);
    prediction.predict();
    assertThat(prediction.nextSizeToRead(1, 500)).as("the next request").isEqualTo(500);
  }

  @Test
  void howeverManyReadsThereAreTheSizeStays() {
    for (int i = 0; i < 300; i++) {
      prediction.noteLeasedToRead();
    }
    assertThat(prediction.nextSizeToRead(1, 4096)).isEqualTo(BUMP_LIMIT);
    assertThat(prediction.nextSizeToRead(1, 1)).isEqualTo(BUMP_LIMIT);
  }

  @Test
  void itRestsWhenNothingWasCountedSinceTheRequest() {
    assertThat(prediction.isAtRest()).isTrue();
    prediction.noteLeasedToRead();
    assertThat(prediction.isAtRest()).isFalse();
    prediction.predict();
    assertThat(prediction.isAtRest()).isTrue();
    bump(10);
    prediction.harvestLarge(block);
    assertThat(prediction.isAtRest()).isFalse();
    prediction.predict();
    use(10);
    assertThat(prediction.isAtRest()).isFalse();
    prediction.predict();
    assertThat(prediction.isAtRest()).isTrue();
    assertThat(prediction.predicted()).isEqualTo(10);
  }
}
