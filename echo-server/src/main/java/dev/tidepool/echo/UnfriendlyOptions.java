package dev.tidepool.echo;

import dev.tidepool.echo.cli.Converters;
import dev.tidepool.echo.load.UnfriendlySettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of a load that is no server's favourite. */
final class UnfriendlyOptions {
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
  private int readRate = UnfriendlySettings.DEFAULT_READ_RATE;

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

  UnfriendlySettings settings() {
    return new UnfriendlySettings(slowReaders, readRate, abort, dribble, greedy, idle);
  }
}
