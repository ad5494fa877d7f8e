package dev.tidepool.echo.load;

import dev.tidepool.echo.protocol.Payload;
import dev.tidepool.echo.protocol.Request;
import dev.tidepool.echo.protocol.SplitMix;

/** The requests of one connection, each determined by the load's seed and its sequence. */
final class RequestPlan {
  private final SizeMix sizes;
  private final long seed;
  private final double cutOffPercent;

  RequestPlan(SizeMix sizes, long loadSeed, long connection) {
    this(sizes, loadSeed, connection, 0);
  }

  /**
   * @param connection a number of its own
   * @param cutOffPercent so many of every hundred requests are to be cut off
   */
  RequestPlan(SizeMix sizes, long loadSeed, long connection, double cutOffPercent) {
    this.sizes = sizes;
    this.seed = SplitMix.at(loadSeed, connection);
    this.cutOffPercent = cutOffPercent;
  }

  /** Whether the request is to be cut off in the middle. */
  boolean isCutOff(long sequence) {
    double fraction = (SplitMix.at(~seed, sequence) >>> 11) * 0x1p-53;
    return fraction * 100 < cutOffPercent;
  }

  Request request(long sequence) {
    long random = SplitMix.at(seed, sequence);
    return new Request(sequence, new Payload(random, sizes.pick(random)));
  }
}
