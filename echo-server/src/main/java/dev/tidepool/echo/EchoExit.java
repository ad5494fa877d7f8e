package dev.tidepool.echo;

import dev.tidepool.echo.load.LoadFailure;
import dev.tidepool.echo.load.LoadSummary;
import picocli.CommandLine.ExitCode;

/** The exit codes of a load. */
final class EchoExit {
  /** An echoed byte was wrong. */
  static final int VERIFICATION_FAILED = 3;

  /** Ended by a signal before its time, as a shell has it for SIGINT. */
  static final int INTERRUPTED = 130;

  private EchoExit() {}

  static int of(LoadSummary summary) {
    LoadFailure failure = summary.failure();
    if (failure == null) {
      return summary.interrupted() ? INTERRUPTED : ExitCode.OK;
    }
    return failure.isMismatch() ? VERIFICATION_FAILED : ExitCode.SOFTWARE;
  }
}
