package dev.tidepool.echo.load;

import dev.tidepool.echo.protocol.Payload;
import dev.tidepool.echo.protocol.Request;
import dev.tidepool.echo.protocol.SplitMix;

/** The requests of one connection, each determined by the load's seed and its sequence. */
final class RequestPlan {
  private final SizeMix sizes;
  private final long seed;

  RequestPlan(SizeMix sizes, long loadSeed, long connection) {
    this.sizes = sizes;
    this.seed = SplitMix.at(loadSeed, connection);
  }

  Request request(long sequence) {
    long random = SplitMix.at(seed, sequence);
    return new Request(sequence, new Payload(random, sizes.pick(random)));
  }
}
