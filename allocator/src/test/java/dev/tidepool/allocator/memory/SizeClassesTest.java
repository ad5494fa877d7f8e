package dev.tidepool.allocator.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every number of bytes has the class that fits best, and no class wastes more than a fifth. */
class SizeClassesTest {
  private static final int SMALLEST = 4096;
  private static final int LARGEST = 4 * 1024 * 1024;

  private final SizeClasses sizes = new SizeClasses(SMALLEST, LARGEST);

  @Test
  void everySizeIsOfItsOwnClassAndOneByteMoreOfTheNext() {
    for (int i = 0; i < sizes.count(); i++) {
      assertThat(sizes.classFor(sizes.sizeOf(i))).isEqualTo(i);
      if (i + 1 < sizes.count()) {
        assertThat(sizes.classFor(sizes.sizeOf(i) + 1)).isEqualTo(i + 1);
        assertThat(5L * sizes.sizeOf(i)).isGreaterThanOrEqualTo(4L * sizes.sizeOf(i + 1));
      }
    }
  }

  @Test
  void fromTheSmallestToTheLargestEveryPowerOfTwoIsThere() {
    assertThat(sizes.sizeOf(0)).isEqualTo(sizes.smallest()).isEqualTo(SMALLEST);
    assertThat(sizes.sizeOf(sizes.count() - 1)).isEqualTo(sizes.largest()).isEqualTo(LARGEST);
    for (int size = SMALLEST; size <= LARGEST; size *= 2) {
      assertThat(sizes.sizeOf(sizes.classFor(size))).isEqualTo(size);
    }
    assertThat(sizes.classFor(1)).isZero();
  }

  @Test
  void oneClassAndTheLargestThereCanBe() {
    assertThat(new SizeClasses(SMALLEST, SMALLEST).count()).isEqualTo(1);
    SizeClasses large = new SizeClasses(1024, 1 << 30);
    assertThat(large.largest()).isEqualTo(1 << 30);
    assertThat(large.classFor(1 << 30)).isEqualTo(large.count() - 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 16, 64, 1024, 4096})
  void theClassOfAlignedBytesIsAligned(int alignment) {
    for (int bytes = alignment; bytes <= LARGEST; bytes += alignment) {
      assertThat(sizes.sizeOf(sizes.classFor(bytes)) % alignment).as("%d", bytes).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 2", "3, 4", "4096, 4096", "4097, 8192", "1073741825, 1073741825"})
  void powersOfTwo(int bytes, int power) {
    assertThat(SizeClasses.powerOfTwo(bytes)).isEqualTo(power);
  }
}
