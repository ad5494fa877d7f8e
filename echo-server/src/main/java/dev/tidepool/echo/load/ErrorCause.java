package dev.tidepool.echo.load;

import dev.tidepool.echo.protocol.BadStatusException;
import dev.tidepool.echo.protocol.WrongAnswerException;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.Locale;
import javax.net.ssl.SSLException;

/** The causes by which a load counts its errors. */
public enum ErrorCause {
  /** A connection could not be opened, its handshake included. */
  CONNECT,
  /** No answer, or not all of it, within the timeout. */
  TIMEOUT,
  /** The server reset a connection. */
  RESET,
  /** The server closed a connection in order, with requests unanswered. */
  CLOSED,
  /** A status that the verification does not accept. */
  STATUS,
  /** An answer that the protocol's codec refuses. */
  PROTOCOL,
  /** An answer whose bytes or length are not the expected ones. */
  MISMATCH;

  /** The cause that this exception, which ended a connection, stands for. */
  static ErrorCause of(Throwable exception) {
    if (exception instanceof LoadException failure) {
      return failure.errorCause();
    }
    if (exception instanceof WrongAnswerException) {
      return MISMATCH;
    }
    if (exception instanceof ClosedChannelException) {
      return CLOSED;
    }
    if (exception instanceof BadStatusException) {
      return STATUS;
    }
    return isProtocol(exception) ? PROTOCOL : RESET;
  }

  private static boolean isProtocol(Throwable exception) {
    return exception instanceof CodecException
        || exception instanceof Http2Exception
        || exception instanceof SSLException
        || !(exception instanceof IOException);
  }

  /** As results call it: in lower case. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
