package dev.tidepool.echo.live.http;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/** Writes records, lists and maps as JSON, on one line. */
final class Json {
  private static final JSON WRITER =
      JSON.builder().enable(JSON.Feature.WRITE_NULL_PROPERTIES).build();

  private Json() {}

  static byte[] bytes(Object value) {
    try {
      return WRITER.asBytes(value);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write a " + value.getClass() + " as JSON", e);
    }
  }

  /** The fields of a record by name, as they would be written. */
  static Map<String, Object> fields(Object value) {
    try {
      return WRITER.mapFrom(WRITER.asBytes(value));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write a " + value.getClass() + " as JSON", e);
    }
  }
}
