package dev.tidepool.echo.load;

import dev.tidepool.echo.protocol.WrongAnswerException;

/**
 * The failure that ended a load early.
 *
 * @param connection 0 for the load's first
 */
public record LoadFailure(int connection, Throwable cause) {

  /** Whether an answer was wrong, and not merely missing. */
  public boolean isMismatch() {
    return cause instanceof WrongAnswerException;
  }

  @Override
  public String toString() {
    String message = cause.getMessage();
    return "connection " + connection + ": " + (message == null ? cause.toString() : message);
  }
}
