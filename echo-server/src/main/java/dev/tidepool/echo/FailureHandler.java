package dev.tidepool.echo;

import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Prints an I/O failure of a command in one line, and any other exception with its stack trace. */
final class FailureHandler implements IExecutionExceptionHandler {
  @Override
  public int handleExecutionException(
      Exception failure, CommandLine commandLine, ParseResult parsed) {
    if (failure instanceof IOException) {
      commandLine.getErr().println(commandLine.getCommandName() + ": " + failure.getMessage());
    } else {
      failure.printStackTrace(commandLine.getErr());
    }
    commandLine.getErr().flush();
    return ExitCode.SOFTWARE;
  }
}
