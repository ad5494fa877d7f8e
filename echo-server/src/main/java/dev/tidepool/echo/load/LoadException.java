package dev.tidepool.echo.load;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** An error of a load that the client itself found. */
final class LoadException extends IOException {
  private static final long serialVersionUID = 1L;

  private final ErrorCause errorCause;

  LoadException(ErrorCause errorCause, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.errorCause = errorCause;
  }

  LoadException(ErrorCause errorCause, String message) {
    this(errorCause, message, null);
  }

  ErrorCause errorCause() {
    return errorCause;
  }
}
