package dev.tidepool.echo.server;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the server tells what went wrong: one line for each connection that failed. */
@FunctionalInterface
public interface FaultLog {
  /**
   * Takes one line.
   *
   * @param line says which connection, what it did and what was expected
   * @param cause what the line was made from
   */
  void fault(String line, Throwable cause);

  /** Warns with the line alone; the stack trace is there at level debug. */
  static FaultLog toLogger() {
    Logger log = LoggerFactory.getLogger(EchoServer.class);
    return (line, cause) -> {
      log.warn(line);
      log.debug("its cause", cause);
    };
  }
}
