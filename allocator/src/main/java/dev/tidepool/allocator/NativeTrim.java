package dev.tidepool.allocator;

import dev.tidepool.allocator.os.NativeTrimmer;
import java.time.Duration;
import java.time.Instant;

/**
 * A record of one native trim, in which the C library gave free memory back to the operating
 * system.
 *
 * @param at when it ended
 * @param took how long it took
 * @param returnedBytes how far the process's resident memory shrank meanwhile, in bytes, at least
 *     0; what other threads touched or freed in that time counts too
 * @param count the number of native trims in this process so far, this one included
 */
public record NativeTrim(Instant at, Duration took, long returnedBytes, long count) {
  static NativeTrim of(NativeTrimmer.Trim trim) {
    return new NativeTrim(trim.at(), trim.took(), trim.returned(), trim.count());
  }
}
