package dev.tidepool.echo.figures;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Writes records, lists and maps as JSON, on one line, and reads records. */
public final class Json {
  private static final JSON CODEC =
      JSON.builder()
          .enable(JSON.Feature.WRITE_NULL_PROPERTIES)
          .enable(JSON.Feature.WRITE_RECORD_FIELDS_IN_DECLARATION_ORDER)
          .build();

  private Json() {}

  /** In UTF-8. */
  public static byte[] bytes(Object value) {
    try {
      return CODEC.asBytes(value);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write a " + value.getClass() + " as JSON", e);
    }
  }

  /** On one line. */
  public static String text(Object value) {
    return new String(bytes(value), StandardCharsets.UTF_8);
  }

  /** The fields of a record by name, as they would be written. */
  public static Map<String, Object> fields(Object value) {
    try {
      return CODEC.mapFrom(CODEC.asBytes(value));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write a " + value.getClass() + " as JSON", e);
    }
  }

  /**
   * Reads a record; what the text has no value for is null or 0.
   *
   * @throws IOException if {@code text} is no JSON, or not of such a record
   */
  public static <T> T read(Class<T> type, String text) throws IOException {
    return CODEC.beanFrom(type, text);
  }
}
