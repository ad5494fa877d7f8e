package dev.tidepool.echo.load;

import dev.tidepool.echo.load.SizeMix.SizeRange;
import dev.tidepool.echo.protocol.ClientProtocol;
import dev.tidepool.echo.tls.ClientTls;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a load, made by a {@link #builder}.
 *
 * @param connections open at the same time
 * @param threads event loops; 0: Netty's default
 * @param duration no request begins after it, the warm-up not counted; null: until all requests are
 *     done
 * @param requests of all connections together, without the warm-up's; null: as many as the duration
 *     allows
 * @param ratePerSecond requests a second of all connections together, on a schedule that does not
 *     wait for answers; null: each connection sends as soon as it has answers
 * @param pipeline requests that a connection has under way at most
 * @param warmup time at the begin that is in no figure
 * @param rampUp time over which the connections are opened; each sends as soon as it is open; it is
 *     in no figure
 * @param connectTimeout how long a connection may take to open, its handshake included
 * @param timeout how long an answer may take
 * @param connectRate connections opened a second, at most; null: no limit
 * @param channelLifetime after which a connection is closed in order and opened again; null: never
 * @param tls null: none
 */
public record LoadSettings(
    InetSocketAddress address,
    ClientProtocol protocol,
    @Nullable ClientTls tls,
    int connections,
    int threads,
    @Nullable Duration duration,
    @Nullable Long requests,
    @Nullable Double ratePerSecond,
    int pipeline,
    SizeMix sizes,
    long seed,
    Duration warmup,
    Duration rampUp,
    Duration connectTimeout,
    Duration timeout,
    @Nullable Double connectRate,
    @Nullable Duration channelLifetime,
    UnfriendlySettings unfriendly) {

  public LoadSettings {
    if (duration == null && requests == null) {
      throw new IllegalArgumentException(
          "a load without end, expected a duration or a number of requests");
    }
  }

  /** The settings of a load on this server, which have their defaults. */
  public static Builder builder(InetSocketAddress address, ClientProtocol protocol) {
    return new Builder(address, protocol);
  }

  /** A builder with these settings. */
  public Builder toBuilder() {
    return new Builder(address, protocol)
        .tls(tls)
        .connections(connections)
        .threads(threads)
        .duration(duration)
        .requests(requests)
        .ratePerSecond(ratePerSecond)
        .pipeline(pipeline)
        .sizes(sizes)
        .seed(seed)
        .warmup(warmup)
        .rampUp(rampUp)
        .connectTimeout(connectTimeout)
        .timeout(timeout)
        .connectRate(connectRate)
        .channelLifetime(channelLifetime)
        .unfriendly(unfriendly);
  }

  /** How many of the connections send requests that are measured. */
  int measuredConnections() {
    return connections - unfriendly.slowReaders(connections);
  }

  /** How many of the requests are this connection's. */
  long quota(int connection) {
    if (requests == null) {
      return Long.MAX_VALUE;
    }
    int measured = measuredConnections();
    return requests / measured + (connection < requests % measured ? 1 : 0);
  }

  /**
   * @param opening how often the connection was opened before
   */
  RequestPlan plan(int connection, long opening) {
    return new RequestPlan(
        sizes, seed, connection + opening * allConnections(), unfriendly.abortPercent());
  }

  /** All that are open at the same time. */
  int allConnections() {
    return connections + unfriendly.greedy() + unfriendly.idle();
  }

  /** Builds settings. Everything but the server and the load's end has a default. */
  public static final class Builder {
    private final InetSocketAddress address;
    private final ClientProtocol protocol;
    private @Nullable ClientTls tls;
    private int connections = 8;
    private int threads;
    private @Nullable Duration duration;
    private @Nullable Long requests;
    private @Nullable Double ratePerSecond;
    private int pipeline = 4;
    private SizeMix sizes = new SizeMix("64..64K", List.of(new SizeRange(64, 64 << 10)));
    private long seed = 1;
    private Duration warmup = Duration.ZERO;
    private Duration rampUp = Duration.ZERO;
    private Duration connectTimeout = Duration.ofSeconds(5);
    private Duration timeout = Duration.ofSeconds(10);
    private @Nullable Double connectRate;
    private @Nullable Duration channelLifetime;
    private UnfriendlySettings unfriendly = UnfriendlySettings.NONE;

    private Builder(InetSocketAddress address, ClientProtocol protocol) {
      this.address = address;
      this.protocol = protocol;
    }

    public Builder tls(@Nullable ClientTls value) {
      tls = value;
      return this;
    }

    public Builder connections(int value) {
      connections = value;
      return this;
    }

    public Builder threads(int value) {
      threads = value;
      return this;
    }

    public Builder duration(@Nullable Duration value) {
      duration = value;
      return this;
    }

    public Builder requests(@Nullable Long value) {
      requests = value;
      return this;
    }

    public Builder ratePerSecond(@Nullable Double value) {
      ratePerSecond = value;
      return this;
    }

    public Builder pipeline(int value) {
      pipeline = value;
      return this;
    }

    public Builder sizes(SizeMix value) {
      sizes = value;
      return this;
    }

    public Builder seed(long value) {
      seed = value;
      return this;
    }

    public Builder warmup(Duration value) {
      warmup = value;
      return this;
    }

    public Builder rampUp(Duration value) {
      rampUp = value;
      return this;
    }

    public Builder connectTimeout(Duration value) {
      connectTimeout = value;
      return this;
    }

    public Builder timeout(Duration value) {
      timeout = value;
      return this;
    }

    public Builder connectRate(@Nullable Double value) {
      connectRate = value;
      return this;
    }

    public Builder channelLifetime(@Nullable Duration value) {
      channelLifetime = value;
      return this;
    }

    public Builder unfriendly(UnfriendlySettings value) {
      unfriendly = value;
      return this;
    }

    /** Throws an {@link IllegalArgumentException} if the load has no end. */
    public LoadSettings build() {
      return new LoadSettings(
          address,
          protocol,
          tls,
          connections,
          threads,
          duration,
          requests,
          ratePerSecond,
          pipeline,
          sizes,
          seed,
          warmup,
          rampUp,
          connectTimeout,
          timeout,
          connectRate,
          channelLifetime,
          unfriendly);
    }
  }
}
