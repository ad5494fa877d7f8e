package dev.tidepool.echo.protocol.http;

import dev.tidepool.echo.figures.Failures;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;

/** A request after which the connection cannot go on, and the status that answers it. */
final class BadRequestException extends DecoderException {
  private static final long serialVersionUID = 1L;

  private final transient HttpResponseStatus status;

  /**
   * @param reason names what is wrong and what was expected; it is sent to the client too
   */
  BadRequestException(HttpResponseStatus status, String reason) {
    super("bad request (" + status + "): " + reason);
    this.status = status;
  }

  /** What the codec could not decode. */
  static BadRequestException undecodable(Throwable failure) {
    return new BadRequestException(statusOf(failure), Failures.reason(failure));
  }

  private static HttpResponseStatus statusOf(Throwable failure) {
    if (failure instanceof TooLongHttpLineException) {
      return HttpResponseStatus.REQUEST_URI_TOO_LONG;
    }
    return failure instanceof TooLongHttpHeaderException
        ? HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
        : HttpResponseStatus.BAD_REQUEST;
  }

  HttpResponseStatus status() {
    return status;
  }
}
