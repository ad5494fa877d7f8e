package dev.tidepool.echo.load;

import java.util.Locale;

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

  /** As results call it: in lower case. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
