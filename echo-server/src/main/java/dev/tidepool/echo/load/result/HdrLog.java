package dev.tidepool.echo.load.result;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;

/**
 * A log that was read: one kind of latencies of one load.
 *
 * @param tag {@link HdrLogs#ACTUAL} or {@link HdrLogs#INTENDED}
 */
record HdrLog(String file, String tag, LogMetadata metadata, Histogram latencies) {

  /**
   * @throws IOException if {@code file} cannot be read or is no log of a load
   */
  static HdrLog read(String file) throws IOException {
    String text = text(file);
    try {
      return parse(file, text);
    } catch (IOException | RuntimeException e) { // HdrHistogram's reader throws many kinds
      throw new IOException(
          file
              + " is no log of a load, expected one that --hdr-file-prefix wrote: "
              + e.getMessage(),
          e);
    }
  }

  private static String text(String file) throws IOException {
    try {
      return new String(Files.readAllBytes(Path.of(file)), StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      throw new IOException("there is no file " + file, e);
    } catch (IOException e) {
      throw new IOException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static HdrLog parse(String file, String text) throws IOException {
    String comment =
        text.lines()
            .filter(LogMetadata::isIn)
            .findFirst()
            .orElseThrow(() -> new IOException("it has no line of the load's figures"));
    LogMetadata metadata = LogMetadata.parse(comment);
    Histogram sum = new Histogram(3);
    String tag = "";
    HistogramLogReader reader =
        new HistogramLogReader(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    while (reader.hasNext()) {
      Histogram next = histogram(reader.nextIntervalHistogram());
      tag = Objects.requireNonNullElse(next.getTag(), "");
      sum.add(next);
    }
    return new HdrLog(file, checked(tag), metadata, sum);
  }

  private static Histogram histogram(EncodableHistogram next) throws IOException {
    if (next instanceof Histogram histogram) {
      return histogram;
    }
    throw new IOException("a histogram of it cannot be decoded");
  }

  private static String checked(String tag) throws IOException {
    if (tag.equals(HdrLogs.ACTUAL) || tag.equals(HdrLogs.INTENDED)) {
      return tag;
    }
    throw new IOException("its histogram has the tag '" + tag + "', expected actual or intended");
  }
}
