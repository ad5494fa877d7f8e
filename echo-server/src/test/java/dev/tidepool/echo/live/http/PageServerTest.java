package dev.tidepool.echo.live.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.tidepool.allocator.HoldReport;
import dev.tidepool.echo.live.http.PageClient.Response;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the page's server answers. */
class PageServerTest {
  private TestPage page;

  @BeforeEach
  void start() throws IOException {
    page = new TestPage();
  }

  @AfterEach
  void stop() {
    page.close();
    assertThat(page.faults).isEmpty();
  }

  private Response get(String target) throws IOException {
    try (PageClient client = page.client()) {
      return client.get(target);
    }
  }

  // Files

  @ParameterizedTest
  @CsvSource({
    "/,text/html; charset=utf-8,<!doctype html>",
    "/app/api.js,text/javascript; charset=utf-8,fetch(",
    "/app/base.css,text/css; charset=utf-8,{",
    "/app/tidepool.svg,image/svg+xml,<svg",
    "/favicon.ico,image/svg+xml,<svg",
    "/webjars/chart.js/chart.umd.js,text/javascript; charset=utf-8,Released under the MIT License",
  })
  void filesHaveTheirTypes(String path, String type, String content) throws IOException {
    Response file = get(path);
    assertThat(file.status()).isEqualTo(200);
    assertThat(file.headers()).containsEntry("content-type", type);
    assertThat(file.text()).contains(content);
  }

  @Test
  void whatABrowserHasIsNotSentAgain() throws IOException {
    try (PageClient client = page.client()) {
      Response first = client.get("/");
      String tag = first.headers().get("etag");
      assertThat(first.headers()).containsEntry("cache-control", "no-cache");
      client.request("GET", "/", "If-None-Match: " + tag + "\r\n");
      Response second = client.response();
      assertThat(second.status()).isEqualTo(304);
      assertThat(second.text()).isEmpty();
      assertThat(second.headers()).containsEntry("etag", tag).doesNotContainKey("content-length");
      client.request("GET", "/", "If-None-Match: \"another\"\r\n");
      assertThat(client.response().text()).isEqualTo(first.text());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/app/../index.html",
        "/app/%2e%2e/index.html",
        "/app/..%2findex.html",
        "/../../../etc/passwd",
        "/app//etc/passwd",
        "/app/.hidden.js",
        "/app/",
        "/app",
        "/index.html",
        "/app/nothing.js",
        "/app/api.class",
        "/META-INF/MANIFEST.MF",
        "/dev/tidepool/echo/TidepoolEcho.class",
        "/webjars/chart.js/package.json",
        "/api",
        "/api/snapshot/",
        "/api/arenas//recording",
        "//api/snapshot",
      })
  void nothingElseIsAFile(String path) throws IOException {
    Response missing = get(path);
    assertThat(missing.status()).isEqualTo(404);
    assertThat(missing.error()).contains("'" + path + "'");
  }

  // Every response

  @ParameterizedTest
  @ValueSource(strings = {"/", "/api/snapshot", "/healthz", "/metrics", "/nothing"})
  void everyResponseKeepsBrowsersIn(String path) throws IOException {
    Map<String, String> headers = get(path).headers();
    assertThat(headers)
        .containsEntry(
            "content-security-policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                + " connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none';"
                + " frame-ancestors 'none'")
        .containsEntry("x-content-type-options", "nosniff")
        .containsEntry("referrer-policy", "no-referrer")
        .containsEntry("cross-origin-resource-policy", "same-origin")
        .containsEntry("cross-origin-opener-policy", "same-origin")
        .containsKeys("date", "content-length")
        .doesNotContainKeys("access-control-allow-origin", "server");
    assertThat(headers.get("cache-control")).isEqualTo(path.equals("/") ? "no-cache" : "no-store");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/api/snapshot",
        "/api/arenas",
        "/api/events",
        "/metrics",
        "/healthz",
        "/nothing"
      })
  void headHasNoBody(String path) throws IOException {
    try (PageClient client = page.client()) {
      client.request("HEAD", path, "");
      Response head = client.response(false);
      assertThat(head.status()).isEqualTo(path.equals("/nothing") ? 404 : 200);
      assertThat(client.get("/healthz").text()).as("the next on this connection").isEqualTo("ok\n");
    }
  }

  @Test
  void oneConnectionAnswersManyRequestsInTheirOrder() throws IOException {
    try (PageClient client = page.client()) {
      for (int i = 0; i < 20; i++) { // all at once
        client.request("GET", i % 2 == 0 ? "/api/arenas" : "/nothing" + i, "");
      }
      for (int i = 0; i < 20; i++) {
        Response response = client.response();
        if (i % 2 == 0) {
          assertThat(response.json()).containsEntry("total", 0);
        } else {
          assertThat(response.error()).contains("'/nothing" + i + "'");
        }
      }
    }
  }

  @Test
  void http10IsAnsweredAndClosed() throws IOException {
    try (PageClient client = page.client()) {
      client.send("GET /healthz HTTP/1.0\r\n\r\n");
      assertThat(client.response().text()).isEqualTo("ok\n");
      client.assertClosed();
    }
    try (PageClient client = page.client()) {
      client.send("GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
      assertThat(client.response().headers()).containsEntry("connection", "keep-alive");
      client.send("GET /healthz HTTP/1.0\r\n\r\n");
      assertThat(client.response().text()).isEqualTo("ok\n");
      client.assertClosed();
    }
  }

  // JSON

  @Test
  void theSampleIsWhatTheFeedHas() throws IOException {
    Map<String, Object> snapshot = get("/api/snapshot").json();
    assertThat(snapshot).isEqualTo(JSON.std.mapFrom(JSON.std.asString(page.feed.latest())));
    assertThat(snapshot)
        .containsOnlyKeys(
            "atMillis", "intervalMillis", "header", "loops", "connections", "point", "server");
    assertThat((List<?>) snapshot.get("connections")).hasSize(3);
    assertThat(get("/api/pools").json()).containsEntry("loops", snapshot.get("loops"));
    assertThat((List<?>) get("/api/history").json().get("points")).hasSize(2);
  }

  @Test
  void withoutPermissionThereAreNoActions() throws IOException {
    Map<String, Object> actions = get("/api/actions").json();
    assertThat(actions).containsEntry("enabled", false).containsEntry("actions", List.of());
    try (PageClient client = page.client()) {
      for (String action : List.of("leak", "slow-reader", "burst", "greedy", "anything")) {
        Response refused = client.change("POST", "/api/actions/" + action);
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.error()).contains("--ui-actions");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/api/arenas?limit=-1,limit is '-1'",
    "/api/arenas?limit=1001,expected a whole number from 0 to 1000",
    "/api/arenas?limit=x,limit is 'x'",
    "/api/arenas?order=lightest,order is 'lightest'",
    "/api/arenas?search=%zz,the query cannot be decoded",
  })
  void aWrongParameterIsSaidToBeWrong(String target, String problem) throws IOException {
    Response refused = get(target);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.error()).contains(problem);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/api/arenas/1", "/api/arenas/x", "/api/arenas/-1", "/api/arenas/1/recording"})
  void thereIsNothingToTellOfAConnectionThatIsNot(String path) throws IOException {
    assertThat(get(path).status()).isEqualTo(404);
  }

  // Events

  @Test
  void aViewerGetsTheLatestSampleAndThenEachNewOne() throws IOException {
    try (PageClient viewer = page.client()) {
      viewer.request("GET", "/api/events", "Accept: text/event-stream\r\n");
      Response head = viewer.response(false);
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.headers())
          .containsEntry("content-type", "text/event-stream")
          .containsEntry("cache-control", "no-store")
          .containsEntry("x-content-type-options", "nosniff");
      assertThat(viewer.event("snapshot")).containsEntry("atMillis", 1);
      awaitSubscribers(1);
      for (int at = 2; at < 10; at++) {
        page.feed.tick(at);
        Map<String, Object> event = viewer.event("snapshot");
        assertThat(event).isEqualTo(JSON.std.mapFrom(JSON.std.asString(page.feed.latest())));
        assertThat(event).containsEntry("atMillis", at);
      }
    }
    awaitSubscribers(0);
  }

  @Test
  void aLeakComesBeforeTheNextSample() throws IOException {
    try (PageClient viewer = page.client()) {
      viewer.request("GET", "/api/events", "");
      viewer.response(false);
      viewer.event("snapshot");
      awaitSubscribers(1);
      page.leaks.holdForgotten(new HoldReport("a connection", 7, Duration.ofSeconds(5), null));
      page.feed.tick(2);
      Map<String, Object> leak = viewer.event("leak");
      assertThat(leak)
          .containsOnlyKeys("atMillis", "connection", "request", "bytes", "text")
          .containsEntry("connection", "a connection")
          .containsEntry("request", 7);
      viewer.event("snapshot");
      assertThat(get("/api/leaks").json()).containsEntry("leaks", List.of(leak));
    }
  }

  private void awaitSubscribers(int count) {
    dev.tidepool.echo.testing.TestServer.await(
        "subscribers of samples: " + count, () -> page.feed.subscribers() == count);
  }
}
