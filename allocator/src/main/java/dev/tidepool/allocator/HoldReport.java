package dev.tidepool.allocator;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The report of a {@link RequestHold} that was still open {@code leakGrace} after the close of its
 * connection's arena.
 *
 * @param connection what the arena was opened for; in a pipeline, the channel
 * @param request the number of the request that was open when the hold was taken; a connection's
 *     first is 1
 * @param age the time from taking the hold to this report
 * @param takenAt where the hold was taken; null if that was not recorded (see {@link Recording})
 */
public record HoldReport(Object connection, int request, Duration age, @Nullable Trace takenAt) {

  static HoldReport of(Object connection, RequestHold hold) {
    return new HoldReport(
        connection,
        hold.request(),
        Duration.ofNanos(hold.ageNanos(System.nanoTime())),
        hold.takenAt());
  }

  /** The report as it is logged. */
  @Override
  public String toString() {
    String where = takenAt == null ? "" : "%n    taken at ".formatted() + takenAt;
    return "%s: a hold of request %d is still open, %.3f s after it was taken%s"
        .formatted(connection, request, age.toNanos() / 1e9, where);
  }
}
