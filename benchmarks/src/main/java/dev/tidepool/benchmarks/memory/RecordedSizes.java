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
  private static final String RESOURCE = "/socket-proxy-sizes.csv";

  private final int[] sizes;
  private final long[] upTo;
  private final Random random;

  /**
   * @param lines {@code size_bytes,frequency}, under a heading
   * @param seed of the order in which the sizes come
   */
  RecordedSizes(List<String> lines, long seed) {
    this.random = new Random(seed);
    this.sizes = new int[lines.size() - 1];
    this.upTo = new long[sizes.length];
    long total = 0;
    for (int i = 0; i < sizes.length; i++) {
      List<String> fields = List.of(lines.get(i + 1).split(",", -1));
      sizes[i] = Integer.parseInt(fields.get(0));
      total += Long.parseLong(fields.get(1));
      upTo[i] = total;
    }
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
