package dev.tidepool.echo.load.result;

import dev.tidepool.echo.load.LoadResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;
import org.jspecify.annotations.Nullable;

/**
 * Writes a load's latencies as logs of HdrHistogram, which its tools read: {@code
 * PREFIX-actual.hlog} and, of a load with a schedule, {@code PREFIX-intended.hlog}. A comment has
 * the rest of the result, so that the logs of several clients can be merged.
 */
public final class HdrLogs {
  /** The tag of latencies from the send. */
  static final String ACTUAL = "actual";

  /** The tag of latencies from the schedule. */
  static final String INTENDED = "intended";

  private HdrLogs() {}

  /**
   * Writes the logs.
   *
   * @return the paths of the files
   * @throws IOException if one cannot be written
   */
  public static List<String> write(String prefix, LoadResult result, Configuration configuration)
      throws IOException {
    LogMetadata metadata = LogMetadata.of(UUID.randomUUID().toString(), result, configuration);
    List<String> files = new ArrayList<>();
    files.add(write(prefix, ACTUAL, result.latencies(), metadata));
    Histogram intended = result.intendedLatencies();
    if (intended != null) {
      files.add(write(prefix, INTENDED, intended, metadata));
    }
    return files;
  }

  /**
   * Refuses a prefix whose files could not be written.
   *
   * @throws IOException if there is no such directory, or it is not writable
   */
  public static void check(String prefix) throws IOException {
    Path file = path(prefix, ACTUAL).toAbsolutePath();
    @Nullable Path directory = file.getParent();
    if (directory == null || !Files.isDirectory(directory) || !Files.isWritable(directory)) {
      throw new IOException(
          "cannot write " + file + ": expected a directory that is there and may be written to");
    }
  }

  /** The path of a log. */
  static Path path(String prefix, String tag) {
    return Path.of(prefix + "-" + tag + ".hlog");
  }

  private static String write(String prefix, String tag, Histogram latencies, LogMetadata metadata)
      throws IOException {
    Path file = path(prefix, tag);
    Files.write(file, bytes(tag, latencies.copy(), metadata));
    return file.toString();
  }

  private static byte[] bytes(String tag, Histogram latencies, LogMetadata metadata) {
    long begin = metadata.startedMillis();
    latencies.setTag(tag);
    latencies.setStartTimeStamp(begin);
    latencies.setEndTimeStamp(begin + metadata.elapsedNanos() / 1_000_000);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    HistogramLogWriter writer = new HistogramLogWriter(bytes);
    writer.outputComment(metadata.comment());
    writer.outputLogFormatVersion();
    writer.outputStartTime(begin);
    writer.setBaseTime(begin);
    writer.outputLegend();
    writer.outputIntervalHistogram(latencies);
    writer.close();
    return bytes.toByteArray();
  }
}
