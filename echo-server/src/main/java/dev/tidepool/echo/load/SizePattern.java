package dev.tidepool.echo.load;

import dev.tidepool.echo.load.SizeMix.SizeRange;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The size mixes that have names: those which the benchmarks draw from too. */
public enum SizePattern {
  /** What a socket proxy asked for, recorded: each size as often as it was. */
  SOCKET_PROXY {
    @Override
    Stream<SizeRange> ranges() {
      return recorded().stream().flatMap(SizePattern::repeated);
    }
  },

  /** Log-normal, from 8 bytes to 1 MiB, half of it below 2 KiB: a sample of 4,096 sizes. */
  API_GATEWAY {
    @Override
    Stream<SizeRange> ranges() {
      Random random = new Random(SAMPLE_SEED);
      return IntStream.range(0, SAMPLE).mapToObj(i -> only(logNormal(random)));
    }
  };

  private static final String RECORDED = "socket-proxy-sizes.csv";
  private static final double MU = 7.6;
  private static final double SIGMA = 1.0;
  private static final int SMALLEST = 8;
  private static final int LARGEST = 1 << 20;
  private static final int SAMPLE = 4096;
  private static final long SAMPLE_SEED = 1;

  abstract Stream<SizeRange> ranges();

  /** The sizes, as likely as they are in the pattern. */
  public SizeMix sizes() {
    return new SizeMix(toString(), ranges().toList());
  }

  private static SizeRange only(int size) {
    return new SizeRange(size, size);
  }

  private static int logNormal(Random random) {
    double size = Math.exp(MU + SIGMA * random.nextGaussian());
    return (int) Math.max(SMALLEST, Math.min(size, LARGEST));
  }

  /** A line of the recording is a size and how often it was asked for. */
  private static Stream<SizeRange> repeated(String line) {
    String[] columns = line.split(",", 2);
    SizeRange range = only(Integer.parseInt(columns[0]));
    return Collections.nCopies(Integer.parseInt(columns[1]), range).stream();
  }

  private static List<String> recorded() {
    InputStream resource =
        Objects.requireNonNull(SizePattern.class.getResourceAsStream(RECORDED), RECORDED);
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(resource, StandardCharsets.UTF_8))) {
      return lines.lines().skip(1).toList(); // the first has the columns' names
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As options call it: in lower case, with a hyphen. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
