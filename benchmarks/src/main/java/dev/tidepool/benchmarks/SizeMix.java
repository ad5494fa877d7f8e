package dev.tidepool.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.EnumeratedIntegerDistribution;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.RandomGeneratorFactory;

/** The mixes that sizes of buffers are drawn from, alike for every allocator. */
public enum SizeMix {
  /** The mix in {@code socket-proxy-sizes.csv}, recorded: what a socket proxy asked for. */
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
      return IntStream.generate(() -> logNormal(random)).limit(count).toArray();
    }
  };

  static final double MU = 7.6;
  static final double SIGMA = 1.0;
  static final int SMALLEST = 8;
  static final int LARGEST = 1 << 20;

  private static final String RECORDED = "/dev/tidepool/benchmarks/socket-proxy-sizes.csv";

  abstract int[] draw(int count, Random random);

  /** {@code count} sizes, always the same ones for the same seed. */
  public final int[] draw(int count, long seed) {
    return draw(count, new Random(seed));
  }

  private static int logNormal(Random random) {
    double size = Math.exp(MU + SIGMA * random.nextGaussian());
    return (int) Math.max(SMALLEST, Math.min(size, LARGEST));
  }

  /** One line of the recorded mix. */
  record Weight(int size, int frequency) {
    static Weight parse(String line) {
      String[] columns = line.split(",", 2);
      return new Weight(Integer.parseInt(columns[0]), Integer.parseInt(columns[1]));
    }
  }

  static List<Weight> recorded() {
    InputStream resource =
        Objects.requireNonNull(SizeMix.class.getResourceAsStream(RECORDED), RECORDED);
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
    int[] sizes = mix.stream().mapToInt(Weight::size).toArray();
    double[] frequencies = mix.stream().mapToDouble(Weight::frequency).toArray();
    RandomGenerator draws = RandomGeneratorFactory.createRandomGenerator(random);
    return new EnumeratedIntegerDistribution(draws, sizes, frequencies).sample(count);
  }
}
