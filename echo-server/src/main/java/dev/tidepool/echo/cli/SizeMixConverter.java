package dev.tidepool.echo.cli;

import dev.tidepool.echo.load.SizeMix;
import dev.tidepool.echo.load.SizeMix.SizeRange;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a mix of sizes and ranges: {@code 256}, {@code 64..64K}, {@code 100,1K..4K,1M}. */
public final class SizeMixConverter implements ITypeConverter<SizeMix> {
  private final SizeConverter sizes = new SizeConverter();

  @Override
  public SizeMix convert(String value) {
    List<SizeRange> ranges = Arrays.stream(value.split(",", -1)).map(this::range).toList();
    return new SizeMix(value, ranges);
  }

  private SizeRange range(String text) {
    int dots = text.indexOf("..");
    if (dots < 0) {
      int size = sizes.convert(text);
      return new SizeRange(size, size);
    }
    int smallest = sizes.convert(text.substring(0, dots));
    int largest = sizes.convert(text.substring(dots + 2));
    if (smallest > largest) {
      throw new TypeConversionException(
          "'" + text + "' is not a range of sizes, expected the smaller size first");
    }
    return new SizeRange(smallest, largest);
  }
}
