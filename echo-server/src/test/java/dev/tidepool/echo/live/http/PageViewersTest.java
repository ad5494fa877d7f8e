package dev.tidepool.echo.live.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.echo.figures.Json;
import dev.tidepool.echo.live.http.PageClient.Response;
import dev.tidepool.echo.testing.TestServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Many viewers, and viewers that do not read: memory is bounded, and nobody is held up. */
class PageViewersTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final int MANY = 1_000;

  private static PageClient viewer(TestPage page, int receiveBuffer) throws IOException {
    PageClient viewer = asking(page, receiveBuffer);
    assertThat(viewer.response(false).status()).isEqualTo(200);
    return viewer;
  }

  private static PageClient asking(TestPage page, int receiveBuffer) throws IOException {
    PageClient viewer = new PageClient(page.address, receiveBuffer);
    viewer.request("GET", "/api/events", "");
    return viewer;
  }

  private static void closeAll(List<PageClient> clients) throws IOException {
    for (PageClient client : clients) {
      client.close();
    }
  }

  @Test
  void aThousandViewersGetTheSameSample() throws IOException {
    try (TestPage page = new TestPage(new TestFeed(2), MANY + 10, MANY, LONG)) {
      List<PageClient> viewers = new ArrayList<>();
      for (int i = 0; i < MANY; i++) {
        viewers.add(asking(page, 0));
      }
      for (PageClient viewer : viewers) {
        assertThat(viewer.response(false).status()).isEqualTo(200);
        viewer.event("snapshot");
      }
      page.awaitNoMemory();
      assertThat(page.feed.subscribers()).as("for all of them").isOne();
      page.feed.tick(2);
      for (PageClient viewer : viewers) {
        assertThat(viewer.event("snapshot")).containsEntry("atMillis", 2);
      }
      try (PageClient oneMore = page.client()) {
        Response refused = oneMore.get("/api/events");
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.error()).contains(MANY + " viewers, which is its limit");
        assertThat(refused.headers()).containsKey("retry-after");
        assertThat(oneMore.get("/healthz").status()).as("but for events").isEqualTo(200);
      }
      closeAll(viewers);
      TestServer.await("all have left", () -> page.feed.subscribers() == 0);
      viewer(page, 0).close();
    }
  }

  @Test
  void viewersThatNeverReadAreClosedAndHoldOneSampleUntilThen() throws Exception {
    TestFeed feed = new TestFeed(100);
    int sample = Json.bytes(feed.latest()).length;
    try (TestPage page = new TestPage(feed, 100, 50, Duration.ofMillis(200));
        PageClient reader = viewer(page, 0)) {
      reader.event("snapshot");
      List<PageClient> stuck = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        stuck.add(viewer(page, 4096));
      }
      // Twenty viewers are stuck at as many different samples at most, and one is being written.
      long most = 22L * (sample + 1024);
      for (int at = 2; page.server.viewers() > 1; at++) {
        page.feed.tick(at);
        assertThat(reader.event("snapshot")).as("in time").containsEntry("atMillis", at);
        assertThat(page.memory()).isLessThan(most);
      }
      for (PageClient each : stuck) {
        each.readToTheEnd();
      }
      closeAll(stuck);
    }
  }

  @Test
  void viewersThatLeaveAtOnceLeaveNoSubscription() throws IOException {
    try (TestPage page = new TestPage()) {
      for (int i = 0; i < 200; i++) {
        asking(page, 0).abort();
      }
      try (PageClient last = page.client()) {
        assertThat(last.get("/healthz").status()).isEqualTo(200);
      }
      TestServer.await("no viewer is left", () -> page.server.viewers() == 0);
      TestServer.await("nor a subscription", () -> page.feed.subscribers() == 0);
      assertThat(page.faults).isEmpty();
    }
  }

  @Test
  void connectionsBeyondTheLimitAreRefusedWithAReason() throws IOException {
    try (TestPage page = new TestPage(new TestFeed(0), 5, 5, LONG)) {
      List<PageClient> clients = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        clients.add(page.client());
        assertThat(clients.get(i).get("/healthz").status()).isEqualTo(200);
      }
      try (PageClient refused = page.client()) {
        Response response = refused.response();
        assertThat(response.status()).isEqualTo(503);
        assertThat(response.error()).contains("5 connections, which is its limit");
        refused.assertClosed();
      }
      clients.remove(0).close();
      TestServer.await("there is room again", () -> isServed(page));
      closeAll(clients);
    }
  }

  private static boolean isServed(TestPage page) {
    try (PageClient client = page.client()) {
      client.request("GET", "/healthz", "");
      return client.response().status() == 200;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aClientThatAsksAndNeverReadsIsNotAnsweredOn() throws IOException {
    TestFeed feed = new TestFeed(100);
    try (TestPage page = new TestPage(feed, 100, 50, LONG);
        PageClient client = new PageClient(page.address, 4096)) {
      long before = feed.asked();
      for (int i = 0; i < 100; i++) {
        client.request("GET", "/api/snapshot", "");
      }
      TestServer.await("the first is being answered", () -> feed.asked() > before);
      try (PageClient other = page.client()) {
        for (int i = 0; i < 100; i++) {
          assertThat(other.get("/healthz").status()).isEqualTo(200);
        }
      }
      // The kernel takes a few of 70 KB each, and one waits for it.
      assertThat(feed.asked() - before).isLessThan(20);
    }
  }
}
