package dev.tidepool.echo;

import dev.tidepool.echo.load.ErrorCause;
import dev.tidepool.echo.load.LoadResult;
import picocli.CommandLine.ExitCode;

/** The exit codes of a load. */
final class EchoExit {
  /** An echoed byte was wrong. */
  static final int VERIFICATION_FAILED = 3;

  /** Ended by a signal before its time, as a shell has it for SIGINT. */
  static final int INTERRUPTED = 130;

  private EchoExit() {}

  static int of(LoadResult summary) {
    if (summary.errors().containsKey(ErrorCause.MISMATCH)) {
      return VERIFICATION_FAILED;
    }
    if (summary.failure() != null) {
      return ExitCode.SOFTWARE;
    }
    return summary.interrupted() ? INTERRUPTED : ExitCode.OK;
  }
}
