package dev.tidepool.allocator;

import dev.tidepool.allocator.os.NativeTrimmer;
import java.time.Duration;
import java.time.Instant;

/**
 * The C library was made to give free memory back to the operating system.
 *
 * @param at when it had
 * @param took how long that was
 * @param returnedBytes by how much the process's resident memory shrank meanwhile, at least 0;
 *     whatever other threads touched or freed in that time counts too
 * @param count how many there were in this process, this one included
 */
public record NativeTrim(Instant at, Duration took, long returnedBytes, long count) {
  static NativeTrim of(NativeTrimmer.Trim trim) {
    return new NativeTrim(trim.at(), trim.took(), trim.returned(), trim.count());
  }
}
