package dev.tidepool.echo.load;

import dev.tidepool.echo.protocol.EchoProtocol;

/** The requests of one connection, each determined by the load's seed and its place. */
final class RequestPlan {
  private final EchoProtocol protocol;
  private final SizeMix sizes;
  private final long seed;

  RequestPlan(EchoProtocol protocol, SizeMix sizes, long loadSeed, int connection) {
    this.protocol = protocol;
    this.sizes = sizes;
    this.seed = SplitMix.at(loadSeed, connection);
  }

  Request request(long sequence) {
    long random = SplitMix.at(seed, sequence);
    return new Request(protocol, sequence, sizes.pick(random), random);
  }
}
