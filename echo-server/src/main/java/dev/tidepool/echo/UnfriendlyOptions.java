package dev.tidepool.echo;

import dev.tidepool.echo.cli.Converters;
import dev.tidepool.echo.load.UnfriendlySettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options of a load that is no server's favourite. */
final class UnfriendlyOptions {
  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--connect-rate",
      paramLabel = "N",
      converter = Converters.Rate.class,
      description = "connections opened a second, at most. Default: no limit")
  @Nullable Double connectRate;

  @Option(
      names = "--channel-lifetime",
      paramLabel = "TIME",
      converter = Converters.PositiveTime.class,
      description =
          "after this time each connection is closed in order and opened again. Default: never")
  @Nullable Duration channelLifetime;

  @Option(
      names = "--slow-readers",
      paramLabel = "N%",
      converter = Converters.Percent.class,
      description =
          "of the connections, so many in a hundred send all the time and read slowly; they are in"
              + " no figure. Default: none")
  private double slowReaders;

  @Option(
      names = "--read-rate",
      paramLabel = "SIZE",
      converter = Converters.PositiveSize.class,
      description = "bytes a second that each slow reader reads. Default: 64K")
  private @Nullable Integer readRate;

  @Option(
      names = "--abort",
      paramLabel = "N%",
      converter = Converters.Percent.class,
      description =
          "of the requests, so many in a hundred are cut off in the middle by a reset; they are in"
              + " no figure. Default: none")
  private double abort;

  @Option(names = "--dribble", description = "send a byte at a time")
  private boolean dribble;

  @Option(
      names = "--greedy",
      paramLabel = "N",
      converter = Converters.Count.class,
      description =
          "more connections, which send as much as they can and never read, to see what they do to"
              + " the others' latency. Default: none")
  private int greedy;

  @Option(
      names = "--idle",
      paramLabel = "N",
      converter = Converters.Count.class,
      description = "more connections, which send one request and then nothing. Default: none")
  private int idle;

  /**
   * Refuses, as wrong usage, what would do nothing.
   *
   * @param connections of the load
   */
  void check(int connections) {
    if (slowReaders > 0 && connections == 1) {
      throw new ParameterException(
          spec.commandLine(),
          "Option '--slow-readers' was given with 1 connection, expected 2 at least: one of them"
              + " is measured");
    }
    if (readRate != null && slowReaders == 0) {
      throw new ParameterException(
          spec.commandLine(),
          "Option '--read-rate' was given without '--slow-readers', expected it too");
    }
  }

  UnfriendlySettings settings() {
    int bytesPerSecond = readRate == null ? UnfriendlySettings.DEFAULT_READ_RATE : readRate;
    return new UnfriendlySettings(slowReaders, bytesPerSecond, abort, dribble, greedy, idle);
  }
}
