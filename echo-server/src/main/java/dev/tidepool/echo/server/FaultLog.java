package dev.tidepool.echo.server;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the server tells what went wrong, and with which connection. */
@FunctionalInterface
public interface FaultLog {
  /**
   * Takes one line. By any thread.
   *
   * @param line says which connection, what it did and what was expected
   * @param cause what the line was made from
   */
  void fault(String line, Throwable cause);

  /** Tells of faults that were left out and are due; the server calls this once a second. */
  default void tellLeftOut() {}

  /** The server has stopped: tells of all that were left out. */
  default void end() {}

  /**
   * Warns with the line alone, once a second at most for each kind of fault; the stack traces of
   * all are there at level debug.
   */
  static FaultLog toLogger() {
    Logger log = LoggerFactory.getLogger(EchoServer.class);
    FaultLog limited = new LimitedFaultLog(log::warn, System::nanoTime);
    return log.isDebugEnabled() ? new TracingFaultLog(limited, log) : limited;
  }
}
