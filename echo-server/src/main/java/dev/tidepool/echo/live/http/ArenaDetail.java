package dev.tidepool.echo.live.http;

import dev.tidepool.allocator.ConnectionArena;
import dev.tidepool.allocator.ConnectionSnapshot;
import dev.tidepool.allocator.Survivor;
import dev.tidepool.allocator.Trace;
import dev.tidepool.echo.figures.Json;
import dev.tidepool.echo.server.LiveConnections;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One connection's arena, with its survivors and holds, which its event loop reads. */
final class ArenaDetail {
  private static final int SURVIVORS = 100;

  /** The text lists all stragglers, on the event loop. */
  private static final int MOST_STRAGGLERS_AS_TEXT = 1_000;

  private static final long PATIENCE_SECONDS = 2;
  private static final String HOLD = "a hold of request ";

  private final ArenaList arenas;
  private final LiveConnections views;
  private final PageWorker worker;

  ArenaDetail(ArenaList arenas, LiveConnections views, PageWorker worker) {
    this.arenas = arenas;
    this.views = views;
    this.worker = worker;
  }

  /** What the event loop has read. */
  private record Story(List<Survivor> survivors, String dump) {
    static Story of(ConnectionArena arena, int stragglers) {
      return new Story(
          arena.survivors(SURVIVORS),
          stragglers <= MOST_STRAGGLERS_AS_TEXT
              ? arena.dump()
              : arena + "\n  " + stragglers + " stragglers, too many for a text");
    }

    /** The lines of the text that tell of holds. */
    List<String> holds() {
      return dump.lines().filter(line -> line.contains(HOLD)).map(String::strip).toList();
    }
  }

  CompletionStage<Answer> answer(PageRequest request) {
    long id = id(request);
    return worker.run(() -> require(id)).thenCompose(this::read);
  }

  /** The number in the path. */
  static long id(PageRequest request) {
    String id = request.variable("id");
    if (!id.matches("\\d{1,18}")) {
      throw RefusedException.notFound(request.path());
    }
    return Long.parseLong(id);
  }

  /** On the page's worker alone. */
  ConnectionSnapshot require(long id) {
    return arenas
        .find(id)
        .orElseThrow(
            () ->
                new RefusedException(
                    HttpResponseStatus.NOT_FOUND, "there is no connection " + id + " any more"));
  }

  private CompletionStage<Answer> read(ConnectionSnapshot snapshot) {
    ConnectionArena arena = snapshot.arena();
    if (!(arena.connection() instanceof Channel channel)) {
      throw new RefusedException(
          HttpResponseStatus.NOT_FOUND, "connection " + snapshot.id() + " has no channel");
    }
    CompletableFuture<Story> story = new CompletableFuture<>();
    try {
      channel.eventLoop().execute(() -> read(arena, snapshot.stragglers(), story));
    } catch (RejectedExecutionException e) {
      throw RefusedException.busy("the connection's event loop has ended");
    }
    return story
        .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .exceptionally(
            late -> {
              throw RefusedException.busy(
                  "the connection's event loop did not answer within " + PATIENCE_SECONDS + " s");
            })
        .thenApply(read -> reply(snapshot, read));
  }

  private static void read(ConnectionArena arena, int stragglers, CompletableFuture<Story> into) {
    if (!into.isDone()) {
      into.complete(Story.of(arena, stragglers));
    }
  }

  private Reply reply(ConnectionSnapshot snapshot, Story story) {
    Map<String, Object> fields = new LinkedHashMap<>(Json.fields(views.of(snapshot)));
    fields.put("survivors", story.survivors().stream().map(ArenaDetail::survivor).toList());
    fields.put("holds", story.holds());
    fields.put("dump", story.dump());
    return Reply.json(fields);
  }

  private static Map<String, @Nullable Object> survivor(Survivor survivor) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("request", survivor.request());
    fields.put("direct", survivor.direct());
    fields.put("capacity", survivor.capacity());
    fields.put("readableBytes", survivor.readableBytes());
    fields.put("ageMillis", survivor.age().toMillis());
    fields.put("allocatedAt", text(survivor.allocatedAt()));
    fields.put("lastTouchedAt", text(survivor.lastTouchedAt()));
    return fields;
  }

  private static @Nullable String text(@Nullable Trace trace) {
    return trace == null ? null : trace.toString();
  }
}
