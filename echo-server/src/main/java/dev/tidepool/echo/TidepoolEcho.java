package dev.tidepool.echo;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of the echo server. */
@Command(
    name = "tidepool-echo",
    description = "An echo server and load generator on Tidepool's allocator.",
    mixinStandardHelpOptions = true,
    versionProvider = TidepoolEcho.Version.class)
public final class TidepoolEcho implements Runnable {
  @Spec private CommandSpec spec;

  public static void main(String[] args) {
    System.exit(new CommandLine(new TidepoolEcho()).execute(args));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing a command");
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
