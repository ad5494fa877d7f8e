package dev.tidepool.echo.server;

import org.slf4j.Logger;

/** A log that adds every fault's stack trace, at level debug, to another log. */
record TracingFaultLog(FaultLog faults, Logger log) implements FaultLog {
  @Override
  public void fault(String line, Throwable cause) {
    faults.fault(line, cause);
    log.debug(line, cause);
  }

  @Override
  public void reportLeftOut() {
    faults.reportLeftOut();
  }

  @Override
  public void end() {
    faults.end();
  }
}
