package dev.tidepool.echo;

import dev.tidepool.echo.load.ErrorCause;
import dev.tidepool.echo.load.LoadResult;
import dev.tidepool.echo.load.result.LoadReport;
import picocli.CommandLine.ExitCode;

/** The exit codes of a load. */
final class EchoExit {
  /** An echoed byte was wrong. */
  static final int VERIFICATION_FAILED = 3;

  /** Ended by a signal before its time, as a shell has it for SIGINT. */
  static final int INTERRUPTED = 130;

  /** The client was the bottleneck: the figures are its own. */
  static final int INVALID = 4;

  /** A threshold was missed. */
  static final int THRESHOLD_MISSED = 99;

  private EchoExit() {}

  /**
   * Of a result that is judged. Errors are a failure unless a threshold says how many there may be;
   * what is no whole run is one whatever the thresholds, which are for the run that was asked for.
   *
   * @param strict whether a client that was the bottleneck is a failure without a rate too
   */
  static int of(LoadReport report, boolean strict) {
    if (isWrong(report)) {
      return VERIFICATION_FAILED;
    }
    if (hasFailed(report)) {
      return ExitCode.SOFTWARE;
    }
    if (report.interrupted()) {
      return INTERRUPTED;
    }
    if (!report.verdict().valid() || (strict && report.verdict().clientWasBottleneck())) {
      return INVALID;
    }
    return report.missesThreshold() ? THRESHOLD_MISSED : ExitCode.OK;
  }

  private static boolean isWrong(LoadReport report) {
    return report.errors().containsKey(ErrorCause.MISMATCH.toString()) || report.leaks() > 0;
  }

  private static boolean hasFailed(LoadReport report) {
    boolean errors = report.failure() != null || report.errorCount() > 0;
    return report.gaveUp() || isUnanswered(report) || (errors && !report.limitsErrors());
  }

  private static boolean isUnanswered(LoadReport report) {
    return report.rates().answered() == 0 && !report.interrupted();
  }

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
