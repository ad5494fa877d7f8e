package dev.tidepool.echo.live.http;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Map;

/**
 * A request that may be answered.
 *
 * @param path as it was sent, not decoded, without the query
 * @param variables what stands in the path in the places of a route's names
 * @param query decoded
 */
record PageRequest(
    HttpMethod method,
    String path,
    Map<String, String> variables,
    Map<String, List<String>> query,
    HttpHeaders headers) {
  private static final int MOST_PARAMETERS = 10;

  /**
   * @throws RefusedException if its query cannot be decoded
   */
  static PageRequest of(HttpRequest request) {
    QueryStringDecoder decoder =
        QueryStringDecoder.builder().maxParams(MOST_PARAMETERS).build(request.uri());
    try {
      return new PageRequest(
          request.method(), decoder.rawPath(), Map.of(), decoder.parameters(), request.headers());
    } catch (IllegalArgumentException e) {
      throw new RefusedException(
          HttpResponseStatus.BAD_REQUEST, "the query cannot be decoded: " + e.getMessage());
    }
  }

  PageRequest with(Map<String, String> variables) {
    return new PageRequest(method, path, variables, query, headers);
  }

  boolean headOnly() {
    return HttpMethod.HEAD.equals(method);
  }

  /** The value of a variable of the path. */
  String variable(String name) {
    return variables.getOrDefault(name, "");
  }

  /** The first value of a parameter of the query, {@code otherwise} if there is none. */
  String parameter(String name, String otherwise) {
    List<String> values = query.getOrDefault(name, List.of());
    return values.isEmpty() ? otherwise : values.get(0);
  }

  /**
   * A parameter that is a whole number.
   *
   * @throws RefusedException if it is none, or out of range
   */
  long number(String name, long otherwise, long smallest, long largest) {
    String value = parameter(name, String.valueOf(otherwise));
    if (value.matches("-?\\d{1,18}")) {
      long number = Long.parseLong(value);
      if (smallest <= number && number <= largest) {
        return number;
      }
    }
    throw new RefusedException(
        HttpResponseStatus.BAD_REQUEST,
        "%s is '%s', expected a whole number from %d to %d"
            .formatted(name, value, smallest, largest));
  }
}
