package dev.tidepool.allocator;

import dev.tidepool.allocator.jfr.FlightEvents;
import dev.tidepool.allocator.memory.ArenaByteBuf;
import dev.tidepool.allocator.memory.BufferHistory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot of a buffer that outlived its request.
 *
 * @param request the number of the request that allocated it; a connection's first is 1
 * @param direct whether its memory is direct
 * @param capacity its capacity in bytes
 * @param readableBytes the bytes between its reader and writer index
 * @param age the time since its request ended
 * @param allocatedAt where it was allocated; null if that was not recorded (see {@link Recording})
 * @param lastTouchedAt where {@code touch} was last called on it; null if it was not, or that was
 *     not recorded
 */
public record Survivor(
    int request,
    boolean direct,
    int capacity,
    int readableBytes,
    Duration age,
    @Nullable Trace allocatedAt,
    @Nullable Trace lastTouchedAt) {

  /** The {@code n} survivors of a connection's oldest requests, oldest first. Event loop only. */
  static List<Survivor> oldest(ArenaRouter router, long n) {
    List<ArenaByteBuf> alive = new ArrayList<>();
    router.forEachStraggler(alive::add);
    alive.sort(Comparator.comparingInt(ArenaByteBuf::request));
    long now = System.nanoTime();
    return alive.stream()
        .limit(n)
        .map(buffer -> of(buffer, router.ageNanos(buffer.request(), now)))
        .toList();
  }

  private static Survivor of(ArenaByteBuf buffer, long ageNanos) {
    BufferHistory history = buffer.history();
    return new Survivor(
        buffer.request(),
        buffer.isDirect(),
        buffer.capacity(),
        buffer.readableBytes(),
        Duration.ofNanos(ageNanos),
        history == null ? null : Trace.of(history.allocated()),
        history == null ? null : Trace.of(history.touched()));
  }

  /** This buffer, leaked, as Flight Recorder is told. */
  FlightEvents.Leaked leaked() {
    return new FlightEvents.Leaked(
        request, capacity, direct, age.toNanos(), allocatedAt, lastTouchedAt);
  }

  /** The age in seconds, as reports write it. */
  String seconds() {
    return "%.3f".formatted(age.toNanos() / 1e9);
  }

  /** Where it was last touched and allocated, each on new lines; empty if neither was recorded. */
  String story() {
    StringBuilder text = new StringBuilder();
    append(text, "last touched at ", lastTouchedAt);
    append(text, "allocated at ", allocatedAt);
    return text.toString();
  }

  private static void append(StringBuilder text, String what, @Nullable Trace trace) {
    if (trace != null) {
      text.append("%n    ".formatted()).append(what).append(trace);
    }
  }

  @Override
  public String toString() {
    return "request %d, %s, capacity %d, readable %d, %s s after the request%s"
        .formatted(
            request, direct ? "direct" : "heap", capacity, readableBytes, seconds(), story());
  }
}
