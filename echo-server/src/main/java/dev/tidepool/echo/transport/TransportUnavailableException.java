package dev.tidepool.echo.transport;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A transport was asked for that this machine does not have. */
public final class TransportUnavailableException extends IOException {
  private static final long serialVersionUID = 1L;

  TransportUnavailableException(String name, @Nullable Throwable cause) {
    super(
        "transport "
            + name
            + " is not available here: "
            + innermost(cause)
            + "; try --transport auto",
        cause);
  }

  static String innermost(@Nullable Throwable cause) {
    Throwable inner = cause;
    while (inner != null && inner.getCause() != null) {
      inner = inner.getCause();
    }
    return String.valueOf(inner);
  }
}
