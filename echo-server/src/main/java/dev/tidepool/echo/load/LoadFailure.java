package dev.tidepool.echo.load;

import dev.tidepool.echo.protocol.WrongAnswerException;

/**
 * The first error of a load.
 *
 * @param connection 0 for the load's first; {@link #ALL}
 */
public record LoadFailure(int connection, Throwable cause) {
  /** Stands for all connections. */
  public static final int ALL = -1;

  /** Whether an answer was wrong, and not merely missing. */
  public boolean isMismatch() {
    return cause instanceof WrongAnswerException;
  }

  @Override
  public String toString() {
    String message = cause.getMessage();
    String where = connection == ALL ? "all connections" : "connection " + connection;
    return where + ": " + (message == null ? cause.toString() : message);
  }
}
