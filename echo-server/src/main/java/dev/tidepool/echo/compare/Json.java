package dev.tidepool.echo.compare;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Writes and reads records as JSON, each on one line. */
final class Json {
  private static final JSON JSON_LINES =
      JSON.builder().enable(JSON.Feature.WRITE_NULL_PROPERTIES).build();

  private Json() {}

  static String line(Object value) {
    try {
      return JSON_LINES.asString(value);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write a " + value.getClass() + " as JSON", e);
    }
  }

  /** Whether the object on this line has such a field. */
  static boolean has(String line, String field) throws IOException {
    try {
      return JSON_LINES.mapFrom(line).containsKey(field);
    } catch (IOException e) {
      throw wrong("object", line, e);
    }
  }

  /**
   * Reads a record.
   *
   * @throws IOException if the line is none; the message has the line's begin
   */
  static <T> T read(Class<T> type, String line) throws IOException {
    try {
      return JSON_LINES.beanFrom(type, line);
    } catch (IOException e) {
      throw wrong(type.getSimpleName(), line, e);
    }
  }

  private static IOException wrong(String type, String line, IOException cause) {
    return new IOException(
        "'%s' is no %s in JSON, expected one on each line"
            .formatted(line.substring(0, Math.min(200, line.length())), type),
        cause);
  }
}
