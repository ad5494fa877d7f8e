package dev.tidepool.echo.load;

import dev.tidepool.echo.protocol.SplitMix;
import java.util.List;

/**
 * The payload sizes of a load: each request draws one of the ranges, then a size in it, small sizes
 * as likely as large ones of the same number of digits.
 *
 * @param text the mix as it was given
 */
public record SizeMix(String text, List<SizeRange> ranges) {

  /**
   * Sizes in bytes.
   *
   * @param smallest included
   * @param largest included
   */
  public record SizeRange(int smallest, int largest) {
    int pick(double fraction) {
      double low = Math.log1p(smallest);
      double high = Math.log1p(largest);
      long size = Math.round(Math.expm1(low + fraction * (high - low)));
      return (int) Math.min(Math.max(size, smallest), largest);
    }
  }

  public SizeMix {
    ranges = List.copyOf(ranges);
  }

  public int smallest() {
    return ranges.stream().mapToInt(SizeRange::smallest).min().orElseThrow();
  }

  public int largest() {
    return ranges.stream().mapToInt(SizeRange::largest).max().orElseThrow();
  }

  /** The size that this random number stands for. */
  int pick(long random) {
    int range = (int) Long.remainderUnsigned(random, ranges.size());
    double fraction = (SplitMix.mix(random) >>> 11) * 0x1p-53;
    return ranges.get(range).pick(fraction);
  }

  @Override
  public String toString() {
    return text;
  }
}
