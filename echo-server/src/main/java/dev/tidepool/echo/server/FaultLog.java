package dev.tidepool.echo.server;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log of a server's faults, one line each. */
@FunctionalInterface
public interface FaultLog {
  /**
   * Logs one fault. May be called by any thread.
   *
   * @param line names the connection, the fault and what was expected
   * @param cause the exception that the line describes
   */
  void fault(String line, Throwable cause);

  /** Reports faults that were left out and are due; the server calls this once a second. */
  default void reportLeftOut() {}

  /** Reports all faults that were left out, when the server has stopped. */
  default void end() {}

  /**
   * A log that writes warnings to SLF4J, at most one a second for each kind of fault. At level
   * debug every fault is logged with its stack trace.
   */
  static FaultLog toLogger() {
    Logger log = LoggerFactory.getLogger(EchoServer.class);
    FaultLog limited = new LimitedFaultLog(log::warn, System::nanoTime);
    return log.isDebugEnabled() ? new TracingFaultLog(limited, log) : limited;
  }
}
