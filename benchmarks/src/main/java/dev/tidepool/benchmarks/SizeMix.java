package dev.tidepool.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;

/** Where the sizes of buffers are drawn from, the same ones for every allocator. */
public enum SizeMix {
  /**
   * The mix in {@code socket-proxy-sizes.csv}, recorded: what a socket proxy asked for, how often.
   */
  SOCKET_PROXY {
    @Override
    int[] draw(int count, Random random) {
      return weighted(recorded(), count, random);
    }
  },

  /** Log-normal, from 8 bytes to 1 MiB, half of it below 2 KiB: an API gateway. */
  API_GATEWAY {
    @Override
    int[] draw(int count, Random random) {
      int[] sizes = new int[count];
      for (int i = 0; i < count; i++) {
        double size = Math.exp(MU + SIGMA * random.nextGaussian());
        sizes[i] = (int) Math.max(SMALLEST, Math.min(size, LARGEST));
      }
      return sizes;
    }
  };

  static final double MU = 7.6;
  static final double SIGMA = 1.0;
  static final int SMALLEST = 8;
  static final int LARGEST = 1 << 20;

  private static final String RECORDED = "/dev/tidepool/benchmarks/socket-proxy-sizes.csv";

  abstract int[] draw(int count, Random random);

  /** {@code count} sizes, always the same ones for the same seed. */
  final int[] draw(int count, long seed) {
    return draw(count, new Random(seed));
  }

  /** One line of the recorded mix. */
  record Weight(int size, int frequency) {
    static Weight parse(String line) {
      String[] columns = line.split(",", 2);
      return new Weight(Integer.parseInt(columns[0]), Integer.parseInt(columns[1]));
    }
  }

  static List<Weight> recorded() {
    InputStream resource = SizeMix.class.getResourceAsStream(RECORDED);
    if (resource == null) {
      throw new IllegalStateException("resource: " + RECORDED + " (expected: in the jar)");
    }
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(resource, StandardCharsets.UTF_8))) {
      return parse(lines.lines().toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Leaves out comments and the line of column names. */
  static List<Weight> parse(List<String> lines) {
    return lines.stream()
        .filter(line -> !line.isBlank() && Character.isDigit(line.charAt(0)))
        .map(Weight::parse)
        .toList();
  }

  static int[] weighted(List<Weight> mix, int count, Random random) {
    long[] upTo = new long[mix.size()];
    long total = 0;
    for (int i = 0; i < upTo.length; i++) {
      total += mix.get(i).frequency();
      upTo[i] = total;
    }
    int[] sizes = new int[count];
    for (int i = 0; i < count; i++) {
      double at = random.nextDouble() * total;
      sizes[i] = mix.get(first(upTo.length, n -> at < upTo[n])).size();
    }
    return sizes;
  }

  /** The least index of which {@code holds} says yes; from there on it does. */
  private static int first(int length, IntPredicate holds) {
    int low = 0;
    int high = length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (holds.test(middle)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
