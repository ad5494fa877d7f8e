package dev.tidepool.echo.load.result;

import dev.tidepool.echo.figures.Json;
import dev.tidepool.echo.load.ErrorCause;
import dev.tidepool.echo.load.LoadResult;
import dev.tidepool.echo.load.LoadResult.ClientSide;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What a log says of its load beside the latencies, in a comment of JSON. The components are the
 * names of the JSON.
 *
 * @param run the load, by which its logs are known to be of one
 * @param startedMillis of the epoch
 */
record LogMetadata(
    int schemaVersion,
    String run,
    Configuration configuration,
    long startedMillis,
    long elapsedNanos,
    @Nullable Long scheduled,
    long sent,
    long answered,
    long failed,
    long bytesVerified,
    long bytesUnverified,
    long bytesMismatched,
    Map<String, Long> errors,
    ClientSide client,
    boolean interrupted,
    boolean gaveUp) {
  private static final String BEGIN = "[Tidepool load: ";
  private static final String END = "]";

  static LogMetadata of(String run, LoadResult result, Configuration configuration) {
    Map<String, Long> errors = new TreeMap<>();
    result.errors().forEach((cause, count) -> errors.put(cause.toString(), count));
    return new LogMetadata(
        LoadReport.SCHEMA_VERSION,
        run,
        configuration,
        result.started().toEpochMilli(),
        result.elapsed().toNanos(),
        result.scheduled(),
        result.sent(),
        result.answered(),
        result.failed(),
        result.bytesVerified(),
        result.bytesUnverified(),
        result.bytesMismatched(),
        errors,
        result.client(),
        result.interrupted(),
        result.gaveUp());
  }

  /** The comment's text, without its sign. */
  String comment() {
    return BEGIN + Json.text(this) + END;
  }

  /** Whether a line of a log is such a comment. */
  static boolean isIn(String line) {
    return line.startsWith("#" + BEGIN) && line.endsWith(END);
  }

  /** Reads a line of which {@link #isIn} is true. */
  static LogMetadata parse(String line) throws IOException {
    String json = line.substring(1 + BEGIN.length(), line.length() - END.length());
    LogMetadata metadata = Json.read(LogMetadata.class, json);
    if (metadata.schemaVersion != LoadReport.SCHEMA_VERSION) {
      throw new IOException(
          "version " + metadata.schemaVersion + ", expected " + LoadReport.SCHEMA_VERSION);
    }
    return metadata;
  }

  /** The result of the load, whose latencies are given; all of it but the failure's words. */
  LoadResult result(Histogram actual, @Nullable Histogram intended) {
    return new LoadResult(
        Instant.ofEpochMilli(startedMillis),
        Duration.ofNanos(elapsedNanos),
        scheduled,
        sent,
        answered,
        failed,
        bytesVerified,
        bytesUnverified,
        bytesMismatched,
        actual,
        intended,
        errorsByCause(),
        client,
        interrupted,
        gaveUp,
        null);
  }

  private Map<ErrorCause, Long> errorsByCause() {
    Map<ErrorCause, Long> causes = new EnumMap<>(ErrorCause.class);
    errors.forEach(
        (name, count) -> causes.put(ErrorCause.valueOf(name.toUpperCase(Locale.ROOT)), count));
    return causes;
  }
}
