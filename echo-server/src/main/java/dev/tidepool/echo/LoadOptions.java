package dev.tidepool.echo;

import dev.tidepool.echo.cli.Converters;
import dev.tidepool.echo.load.LoadSettings;
import dev.tidepool.echo.load.SizeMix;
import dev.tidepool.echo.load.SizeMix.SizeRange;
import dev.tidepool.echo.load.SizePattern;
import dev.tidepool.echo.protocol.ClientProtocol;
import dev.tidepool.echo.protocol.Protocol;
import dev.tidepool.echo.tls.ClientTls;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options of every command that runs a load. */
final class LoadOptions {
  /** A load keeps the time at which each request under way was sent. */
  private static final long MOST_UNDER_WAY = 10_000_000;

  private static final SizeMix DEFAULT_SIZES =
      new SizeMix("64..64K", List.of(new SizeRange(64, 64 << 10)));

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = {"-c", "--connections"},
      paramLabel = "N",
      converter = Converters.Count.class,
      description = "connections, all open at once. Default: 8")
  int connections = 8;

  @Option(
      names = "--data-size",
      paramLabel = "SIZES",
      converter = Converters.Sizes.class,
      description =
          "payload bytes of a request: a size, a range or a mix, as 256, 64..64K or 100,1K..4K,1M."
              + " Default: 64..64K")
  private @Nullable SizeMix dataSize;

  @Option(
      names = "--pattern",
      paramLabel = "PATTERN",
      converter = Converters.Sizing.class,
      completionCandidates = Converters.Sizing.class,
      description =
          "payload sizes as they are in the field, instead of --data-size: ${COMPLETION-CANDIDATES}")
  private @Nullable SizePattern pattern;

  @Option(
      names = {"-p", "--pipeline"},
      paramLabel = "N",
      converter = Converters.Count.class,
      description =
          "requests under way at once on each connection. Default: 4, or 1 with HTTP/1.1 at a URL")
  private @Nullable Integer pipeline;

  @Option(
      names = "--seed",
      paramLabel = "SEED",
      description = "seed of all payloads and sizes. Default: another each time, printed")
  long seed = new SplittableRandom().nextLong(Long.MAX_VALUE);

  @Option(
      names = "--connect-timeout",
      paramLabel = "TIME",
      converter = Converters.PositiveTime.class,
      description = "how long a connection may take to open. Default: 5s")
  Duration connectTimeout = Duration.ofSeconds(5);

  @Option(
      names = {"--timeout", "--request-timeout"},
      paramLabel = "TIME",
      converter = Converters.PositiveTime.class,
      description = "how long an answer may take. Default: 10s")
  Duration timeout = Duration.ofSeconds(10);

  /** The settings that these options make, without an end. */
  LoadSettings.Builder settings(
      InetSocketAddress address, ClientProtocol protocol, @Nullable ClientTls tls) {
    return LoadSettings.builder(address, protocol)
        .tls(tls)
        .connections(connections)
        .sizes(sizes())
        .pipeline(pipeline(protocol))
        .seed(seed)
        .connectTimeout(connectTimeout)
        .timeout(timeout);
  }

  /** The payload sizes. */
  SizeMix sizes() {
    if (pattern != null) {
      return pattern.sizes();
    }
    return dataSize == null ? DEFAULT_SIZES : dataSize;
  }

  /** How many requests each connection has under way at once. */
  int pipeline(ClientProtocol protocol) {
    return pipeline == null ? protocol.usualPipeline() : pipeline;
  }

  /**
   * Refuses, as wrong usage, sizes that the protocol cannot carry and numbers that memory cannot.
   */
  void check(ClientProtocol protocol) {
    if (pattern != null && dataSize != null) {
      throw new ParameterException(
          spec.commandLine(),
          "Options '--pattern' and '--data-size' were both given, expected one");
    }
    checkSizes(protocol, sizes());
    if ((long) connections * pipeline(protocol) > MOST_UNDER_WAY) {
      throw new ParameterException(
          spec.commandLine(),
          "Invalid values for options '--connections' and '--pipeline': %d times %d, expected a product of %d at most"
              .formatted(connections, pipeline(protocol), MOST_UNDER_WAY));
    }
  }

  private void checkSizes(ClientProtocol protocol, SizeMix sizes) {
    if (sizes.smallest() < protocol.smallestPayload()
        || sizes.largest() > Protocol.LARGEST_PAYLOAD) {
      throw new ParameterException(
          spec.commandLine(),
          "Invalid value for option '--data-size': '%s', expected sizes from %d to %d with protocol %s"
              .formatted(
                  sizes, protocol.smallestPayload(), Protocol.LARGEST_PAYLOAD, protocol.name()));
    }
  }
}
