package dev.tidepool.benchmarks.memory;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** The buffer sizes that a socket proxy was seen to ask for, as often as it did. */
final class RecordedSizes {
  private static final String RESOURCE = "/dev/tidepool/benchmarks/socket-proxy-sizes.csv";

  private final int[] sizes;
  private final long[] upTo;
  private final Random random;

  /**
   * @param lines {@code size_bytes,frequency}
   * @param seed of the order in which the sizes come
   */
  RecordedSizes(List<String> lines, long seed) {
    List<String[]> recorded =
        lines.stream().filter(RecordedSizes::isRecord).map(line -> line.split(",", 2)).toList();
    this.random = new Random(seed);
    this.sizes = recorded.stream().mapToInt(fields -> Integer.parseInt(fields[0])).toArray();
    this.upTo = recorded.stream().mapToLong(fields -> Long.parseLong(fields[1])).toArray();
    Arrays.parallelPrefix(upTo, Long::sum);
  }

  /** Not a comment, nor the names of the columns. */
  private static boolean isRecord(String line) {
    return !line.isEmpty() && Character.isDigit(line.charAt(0));
  }

  static RecordedSizes socketProxy(long seed) {
    try (InputStream in = RecordedSizes.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("resource: " + RESOURCE + " (expected: in the jar)");
      }
      return new RecordedSizes(lines(in), seed);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> lines(InputStream in) {
    return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).lines().toList();
  }

  int next() {
    return sizeAt(random.nextLong(upTo[upTo.length - 1]));
  }

  /** The size of recorded allocation {@code index}, of all in order of size. */
  int sizeAt(long index) {
    int found = Arrays.binarySearch(upTo, index + 1);
    return sizes[found >= 0 ? found : -found - 1];
  }
}
