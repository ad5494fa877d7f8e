package dev.tidepool.echo.load;

/**
 * What ended a load before its time.
 *
 * @param connection 0 for the load's first
 */
public record LoadFailure(int connection, Throwable cause) {

  /** Whether an echo was wrong, and not merely missing. */
  public boolean isMismatch() {
    return cause instanceof EchoMismatchException;
  }

  @Override
  public String toString() {
    String message = cause.getMessage();
    return "connection " + connection + ": " + (message == null ? cause.toString() : message);
  }
}
