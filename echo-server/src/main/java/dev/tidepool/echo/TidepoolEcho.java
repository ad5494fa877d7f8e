package dev.tidepool.echo;

import dev.tidepool.echo.cli.HelpTexts;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The main class: the command line of the echo server, with its commands. */
@Command(
    name = "tidepool-echo",
    description = "An echo server and load generator on Tidepool's allocator.",
    mixinStandardHelpOptions = true,
    versionProvider = TidepoolEcho.Version.class)
public final class TidepoolEcho implements Runnable {
  @Spec private CommandSpec spec;

  public static void main(String[] args) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    ShutdownSignal signal = new ShutdownSignal();
    signal.listen();
    int exitCode = ExitCode.SOFTWARE;
    try {
      exitCode = commandLine(out, err, signal).execute(args);
    } finally {
      signal.done(exitCode);
    }
    System.exit(exitCode);
  }

  static CommandLine commandLine(PrintWriter out, PrintWriter err, ShutdownSignal signal) {
    return new CommandLine(new TidepoolEcho())
        .addSubcommand(new ServeCommand(out, signal))
        .addSubcommand(new LoadCommand(out, signal))
        .addSubcommand(new ReportCommand(out))
        .addSubcommand(new CompareCommand(out, signal))
        .addSubcommand(new DemoCommand(out, signal))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setResourceBundle(new HelpTexts())
        .setExecutionExceptionHandler(new FailureHandler())
        .setOut(out)
        .setErr(err);
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "Missing a command, expected one of " + spec.subcommands().keySet());
  }

  /** Reads the version that the build wrote into the jar's manifest. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      @Nullable String version = TidepoolEcho.class.getPackage().getImplementationVersion();
      return new String[] {"tidepool-echo " + (version == null ? "(unpackaged)" : version)};
    }
  }
}
