package dev.tidepool.echo.live.http;

import dev.tidepool.allocator.ConnectionArena;
import dev.tidepool.allocator.EventRecording;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The recordings of connections' events that viewers have asked for. Bounded in number, and one
 * that is not read for a while ends, since a connection is slower while it is recorded. On the
 * page's worker alone.
 */
final class Recordings {
  /** The most at once. */
  static final int MOST = 4;

  private static final int EVENTS = 10_000;
  private static final long UNREAD_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final ArenaDetail arenas;
  private final Map<Long, Recorded> recorded = new HashMap<>();

  Recordings(ArenaDetail arenas) {
    this.arenas = arenas;
  }

  /** A recording and when it was last read. */
  private static final class Recorded {
    final EventRecording recording;
    private long readNanos = System.nanoTime();

    Recorded(EventRecording recording) {
      this.recording = recording;
    }

    EventRecording read() {
      readNanos = System.nanoTime();
      return recording;
    }

    boolean isForgotten() {
      return System.nanoTime() - readNanos > UNREAD_NANOS;
    }
  }

  /** Starts one, unless the connection is recorded: viewers share a recording. */
  Reply start(PageRequest request) {
    long id = ArenaDetail.id(request);
    tidy();
    Recorded existing = recorded.get(id);
    if (existing == null || existing.read().isClosed()) {
      recorded.remove(id);
      start(id);
    }
    return Reply.empty(HttpResponseStatus.NO_CONTENT);
  }

  private void start(long id) {
    if (recorded.size() >= MOST) {
      throw new RefusedException(
          HttpResponseStatus.TOO_MANY_REQUESTS,
          MOST + " connections are being recorded, which is the limit; stop one of them");
    }
    ConnectionArena arena = arenas.require(id).arena();
    try {
      recorded.put(id, new Recorded(arena.recordEvents(EVENTS)));
    } catch (IllegalStateException e) { // closed since, or recorded by other code
      throw new RefusedException(HttpResponseStatus.CONFLICT, String.valueOf(e.getMessage()));
    }
  }

  /** The events since a number. */
  Reply read(PageRequest request) {
    long id = ArenaDetail.id(request);
    long since = request.number("since", 0, 0, Long.MAX_VALUE);
    EventRecording recording =
        Optional.ofNullable(recorded.get(id))
            .orElseThrow(
                () ->
                    new RefusedException(
                        HttpResponseStatus.NOT_FOUND, "connection " + id + " is not recorded"))
            .read();
    boolean running = !recording.isClosed(); // before the events, so that none comes after a false
    return Reply.json(
        Map.of(
            "events", recording.eventsSince(since),
            "dropped", recording.dropped(),
            "running", running));
  }

  /** Ends one, if there is one. */
  Reply stop(PageRequest request) {
    Recorded ended = recorded.remove(ArenaDetail.id(request));
    if (ended != null) {
      ended.recording.close();
    }
    return Reply.empty(HttpResponseStatus.NO_CONTENT);
  }

  /** Ends those that are not read any more. */
  void tidy() {
    recorded.values().removeIf(Recordings::endIfForgotten);
  }

  private static boolean endIfForgotten(Recorded recorded) {
    boolean forgotten = recorded.isForgotten();
    if (forgotten) {
      recorded.recording.close();
    }
    return forgotten;
  }

  /** Ends all. */
  void close() {
    recorded.values().forEach(each -> each.recording.close());
    recorded.clear();
  }
}
