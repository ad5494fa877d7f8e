package dev.tidepool.echo.live.http;

import dev.tidepool.echo.live.LiveFeed;
import dev.tidepool.echo.server.LiveConnections;
import io.netty.handler.codec.http.HttpMethod;
import java.util.Map;

/** The endpoints of the page, and what they need to be closed in the end. */
final class Api implements AutoCloseable {
  private final PageWorker worker = new PageWorker();
  private final PageMetrics metrics;
  private final ArenaList arenas;
  private final ArenaDetail detail;
  private final Recordings recordings;
  private final Routes routes;

  Api(PageSource source, EventStreams streams) {
    LiveConnections views = new LiveConnections(source.leaks()::isLeaking);
    metrics = new PageMetrics(source);
    arenas = new ArenaList(source.memory().arenas(), views);
    detail = new ArenaDetail(arenas, views, worker);
    recordings = new Recordings(detail);
    routes = new Routes(Endpoint.now(new StaticFiles()::answer));
    addSamples(source, streams);
    addArenas();
    addActions(new Actions(source.trouble()));
  }

  private void addSamples(PageSource source, EventStreams streams) {
    LiveFeed feed = source.feed();
    routes
        .get("/healthz", Endpoint.now(request -> Reply.text("text/plain; charset=utf-8", "ok\n")))
        .get("/metrics", worker.endpoint(metrics::answer))
        .get("/api/server", worker.endpoint(request -> Reply.json(source.figures().get())))
        .get("/api/events", Endpoint.now(streams::open))
        .get("/api/snapshot", Endpoint.now(request -> Reply.json(feed.latest())))
        .get("/api/history", Endpoint.now(request -> Reply.json(Map.of("points", feed.history()))))
        .get(
            "/api/pools",
            Endpoint.now(request -> Reply.json(Map.of("loops", feed.latest().loops()))))
        .get(
            "/api/leaks",
            Endpoint.now(request -> Reply.json(Map.of("leaks", source.leaks().last()))));
  }

  private void addArenas() {
    routes
        .get("/api/arenas", worker.endpoint(arenas::answer))
        .get("/api/arenas/{id}", detail::answer)
        .add(
            "/api/arenas/{id}/recording",
            Map.of(
                HttpMethod.GET, worker.endpoint(recordings::read),
                HttpMethod.POST, worker.endpoint(recordings::start),
                HttpMethod.DELETE, worker.endpoint(recordings::stop)));
  }

  private void addActions(Actions actions) {
    routes
        .get("/api/actions", Endpoint.now(actions::list))
        .add("/api/actions/{name}", Map.of(HttpMethod.POST, Endpoint.now(actions::start)));
  }

  Routes routes() {
    return routes;
  }

  /**
   * Ends what viewers have left behind. To be called now and then. Never throws, or its timer would
   * end: while too much else is waiting it does nothing.
   */
  void tidy() {
    worker.runIfRoom(
        () -> {
          arenas.tidy();
          recordings.tidy();
        });
  }

  @Override
  public void close() {
    worker.close();
    recordings.close();
    metrics.close();
  }
}
