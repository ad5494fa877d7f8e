package dev.tidepool.echo.live.http;

import java.util.Map;

/** The endpoints of the page. */
final class Api {
  private Api() {}

  static Routes routes(LiveFeed feed, EventStreams streams) {
    StaticFiles files = new StaticFiles();
    return new Routes(Endpoint.now(files::answer))
        .get("/healthz", Endpoint.now(request -> Reply.text("text/plain; charset=utf-8", "ok\n")))
        .get("/api/events", Endpoint.now(streams::open))
        .get("/api/snapshot", Endpoint.now(request -> Reply.json(feed.latest())))
        .get("/api/history", Endpoint.now(request -> Reply.json(Map.of("points", feed.history()))))
        .get(
            "/api/pools",
            Endpoint.now(request -> Reply.json(Map.of("loops", feed.latest().loops()))));
  }
}
