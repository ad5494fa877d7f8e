package dev.tidepool.echo.server;

import org.slf4j.Logger;

/** Adds to another log every fault's stack trace, at level debug. */
record TracingFaultLog(FaultLog faults, Logger log) implements FaultLog {
  @Override
  public void fault(String line, Throwable cause) {
    faults.fault(line, cause);
    log.debug(line, cause);
  }

  @Override
  public void tellLeftOut() {
    faults.tellLeftOut();
  }

  @Override
  public void end() {
    faults.end();
  }
}
