package dev.tidepool.echo.live.http;

import static dev.tidepool.echo.testing.TestClient.bytes;
import static dev.tidepool.echo.testing.TestClient.frame;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.allocator.ArenaLifecycleHandler;
import dev.tidepool.allocator.ConnectionArena;
import dev.tidepool.echo.figures.Addresses;
import dev.tidepool.echo.live.http.PageClient.Response;
import dev.tidepool.echo.protocol.FramedProtocol;
import dev.tidepool.echo.protocol.http.HttpProtocol;
import dev.tidepool.echo.server.AllocatorChoice;
import dev.tidepool.echo.server.ServerFigures;
import dev.tidepool.echo.testing.TestClient;
import dev.tidepool.echo.testing.TestServer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the page tells of a running server's connections. */
class PageOfServerTest {
  private static final byte[] FRAME = frame(bytes(1000, 1));

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> connections(PageClient viewer, String query)
      throws IOException {
    return (List<Map<String, Object>>) viewer.get("/api/arenas" + query).json().get("connections");
  }

  private static Map<String, Object> connection(PageClient viewer, TestClient client)
      throws IOException {
    String port = String.valueOf(client.localAddress().getPort());
    return connections(viewer, "?search=" + port).get(0);
  }

  private static Channel channel(PagedServer server, TestClient client) {
    return server.server.server().connection(client.localAddress()).orElseThrow();
  }

  @Test
  void aConnectionIsFoundByNameAndNumber() throws Exception {
    try (PagedServer server = new PagedServer(new FramedProtocol());
        TestClient first = new TestClient(server.server.address());
        TestClient second = new TestClient(server.server.address());
        PageClient viewer = server.viewer()) {
      first.assertEchoes(FRAME);
      second.assertEchoes(FRAME);
      Map<String, Object> found = connection(viewer, first);
      assertThat(found)
          .containsEntry("name", Addresses.text(first.localAddress()))
          .containsEntry("protocol", "framed")
          .containsEntry("state", "open");
      Map<String, Object> detail = viewer.get("/api/arenas/" + found.get("id")).json();
      assertThat(detail)
          .containsAllEntriesOf(Map.of("id", found.get("id"), "name", found.get("name")));
      assertThat(detail).containsEntry("survivors", List.of()).containsEntry("holds", List.of());
      assertThat((String) detail.get("dump")).startsWith("ConnectionArena(");
    }
  }

  @Test
  void aLoadCanReadTheServersFigures() throws Exception {
    try (PagedServer server = new PagedServer(new FramedProtocol());
        TestClient client = new TestClient(server.server.address());
        PageClient viewer = server.viewer()) {
      client.assertEchoes(FRAME);
      client.assertEchoes(FRAME);
      TestServer.await("both are counted", () -> server.server.server().totals().requests() == 2);
      Map<String, Object> figures = viewer.get("/api/server").json();
      assertThat(figures).containsEntry("allocator", "connection").containsEntry("requests", 2);
      assertThat(figures.keySet())
          .containsExactlyInAnyOrderElementsOf(
              Arrays.stream(ServerFigures.class.getRecordComponents())
                  .map(RecordComponent::getName)
                  .toList());
    }
  }

  @Test
  void asManyAsAskedForAreListedAndAllAreCounted() throws Exception {
    try (PagedServer server = new PagedServer(new FramedProtocol());
        TestClient first = new TestClient(server.server.address());
        TestClient second = new TestClient(server.server.address());
        PageClient viewer = server.viewer()) {
      first.assertEchoes(FRAME);
      second.assertEchoes(FRAME);
      second.assertEchoes(FRAME);
      for (String order : List.of("heaviest", "straggling", "refused", "busiest", "oldest")) {
        Map<String, Object> one = viewer.get("/api/arenas?limit=1&order=" + order).json();
        assertThat((List<?>) one.get("connections")).hasSize(1);
        assertThat(one).containsEntry("total", 2);
      }
      assertThat(connections(viewer, "?order=oldest").get(0))
          .containsEntry("name", Addresses.text(first.localAddress()));
      assertThat(connections(viewer, "?search=nothing")).isEmpty();
      assertThat(connections(viewer, "?limit=0")).isEmpty();
    }
  }

  @Test
  void survivorsAndHoldsAreToldWithTheirStacks() throws Exception {
    try (PagedServer server = new PagedServer(new FramedProtocol());
        TestClient client = new TestClient(server.server.address());
        PageClient viewer = server.viewer()) {
      client.assertEchoes(FRAME);
      Channel channel = channel(server, client);
      ConnectionArena arena = Objects.requireNonNull(ArenaLifecycleHandler.arena(channel));
      ByteBuf kept = channel.eventLoop().submit(() -> arena.buffer(300).writeZero(10)).get();
      client.assertEchoes(FRAME);
      TestServer.await("it outlived its request", () -> arena.metric().stragglers() == 1);
      var hold = arena.hold();
      Map<String, Object> detail =
          viewer.get("/api/arenas/" + connection(viewer, client).get("id")).json();
      assertThat((List<?>) detail.get("survivors"))
          .singleElement()
          .satisfies(
              survivor -> {
                @SuppressWarnings("unchecked")
                Map<String, Object> told = (Map<String, Object>) survivor;
                assertThat(told)
                    .containsEntry("capacity", 300)
                    .containsEntry("readableBytes", 10)
                    .containsEntry("direct", true)
                    .containsEntry("lastTouchedAt", null);
                assertThat((String) told.get("allocatedAt")).contains("PageOfServerTest");
              });
      assertThat((List<?>) detail.get("holds")).singleElement().asString().contains("a hold of");
      hold.close();
      channel.eventLoop().submit(() -> kept.release()).get();
    }
  }

  @Test
  void anEventLoopThatIsHeldUpHoldsUpOnlyThatAnswer() throws Exception {
    try (PagedServer server = new PagedServer(new FramedProtocol());
        TestClient client = new TestClient(server.server.address());
        PageClient viewer = server.viewer();
        PageClient other = server.viewer()) {
      client.assertEchoes(FRAME);
      Object id = connection(viewer, client).get("id");
      CountDownLatch over = new CountDownLatch(1);
      channel(server, client).eventLoop().submit(() -> over.await(20, TimeUnit.SECONDS));
      viewer.request("GET", "/api/arenas/" + id, "");
      assertThat(connections(other, "")).as("meanwhile").hasSize(1);
      Response late = viewer.response();
      over.countDown();
      assertThat(late.status()).isEqualTo(503);
      assertThat(late.error()).contains("did not answer within 2 s");
      assertThat(viewer.get("/api/arenas/" + id).status()).as("afterwards").isEqualTo(200);
    }
  }

  // Recordings

  @Test
  void eventsAreRecordedBetweenStartAndStop() throws Exception {
    try (PagedServer server = new PagedServer(new FramedProtocol());
        TestClient client = new TestClient(server.server.address());
        PageClient viewer = server.viewer()) {
      client.assertEchoes(FRAME);
      String path = "/api/arenas/" + connection(viewer, client).get("id") + "/recording";
      assertThat(viewer.get(path).status()).as("before").isEqualTo(404);
      assertThat(viewer.change("POST", path).status()).isEqualTo(204);
      assertThat(viewer.change("POST", path).status()).as("for two viewers").isEqualTo(204);
      client.assertEchoes(FRAME);
      Map<String, Object> last = awaitEvent(viewer, path, "RESET");
      assertThat(last)
          .containsOnlyKeys(
              "sequence",
              "nanos",
              "kind",
              "block",
              "blockBytes",
              "direct",
              "offset",
              "length",
              "buffer",
              "request",
              "thread");
      Map<String, Object> since = viewer.get(path + "?since=" + last.get("sequence")).json();
      assertThat(since).containsEntry("running", true).containsEntry("dropped", 0);
      assertThat(((List<?>) since.get("events")).contains(last)).isFalse();
      assertThat(viewer.change("DELETE", path).status()).isEqualTo(204);
      assertThat(viewer.get(path).status()).as("afterwards").isEqualTo(404);
      assertThat(viewer.change("POST", path).status()).as("again").isEqualTo(204);
    }
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> awaitEvent(PageClient viewer, String path, String kind)
      throws IOException {
    while (true) { // the test has a time limit
      for (Object event : (List<?>) viewer.get(path + "?since=0").json().get("events")) {
        if (kind.equals(((Map<?, ?>) event).get("kind"))) {
          return (Map<String, Object>) event;
        }
      }
    }
  }

  @Test
  void theRecordingOfAConnectionThatHasGoneIsReadToItsEnd() throws Exception {
    try (PagedServer server = new PagedServer(new FramedProtocol());
        PageClient viewer = server.viewer()) {
      String path;
      try (TestClient client = new TestClient(server.server.address())) {
        client.assertEchoes(FRAME);
        path = "/api/arenas/" + connection(viewer, client).get("id") + "/recording";
        viewer.change("POST", path);
        client.assertEchoes(FRAME);
      }
      Map<String, Object> read = viewer.get(path).json();
      while (Boolean.TRUE.equals(read.get("running"))) {
        read = viewer.get(path).json();
      }
      assertThat((List<?>) read.get("events")).isNotEmpty();
    }
  }

  @Test
  void onlySoManyConnectionsAreRecordedAtOnce() throws Exception {
    try (PagedServer server = new PagedServer(new FramedProtocol());
        PageClient viewer = server.viewer()) {
      List<TestClient> clients = new java.util.ArrayList<>();
      for (int i = 0; i <= Recordings.MOST; i++) {
        clients.add(new TestClient(server.server.address()));
        clients.get(i).assertEchoes(FRAME);
      }
      List<String> paths =
          connections(viewer, "").stream()
              .map(each -> "/api/arenas/" + each.get("id") + "/recording")
              .toList();
      assertThat(paths).hasSize(Recordings.MOST + 1);
      for (String path : paths.subList(0, Recordings.MOST)) {
        assertThat(viewer.change("POST", path).status()).isEqualTo(204);
      }
      Response refused = viewer.change("POST", paths.get(Recordings.MOST));
      assertThat(refused.status()).isEqualTo(429);
      viewer.change("DELETE", paths.get(0));
      assertThat(viewer.change("POST", paths.get(Recordings.MOST)).status()).isEqualTo(204);
      for (TestClient client : clients) {
        client.close();
      }
    }
  }

  // Protocols, metrics

  @Test
  void aConnectionsProtocolFollowsItsUpgrade() throws Exception {
    try (PagedServer server = new PagedServer(new HttpProtocol());
        TestClient client = new TestClient(server.server.address());
        TestClient upgraded = new TestClient(server.server.address());
        TestClient http2 = new TestClient(server.server.address());
        PageClient viewer = server.viewer()) {
      String request = "GET %s HTTP/1.1\r\nHost: here\r\n%s\r\n";
      client.send(request.formatted("/", "").getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(client.receive(15), StandardCharsets.US_ASCII))
          .isEqualTo("HTTP/1.1 200 OK");
      upgraded.send(
          request
              .formatted(
                  "/ws",
                  String.join(
                      "\r\n",
                      "Connection: Upgrade",
                      "Upgrade: websocket",
                      "Sec-WebSocket-Version: 13",
                      "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
                      ""))
              .getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(upgraded.receive(12), StandardCharsets.US_ASCII))
          .isEqualTo("HTTP/1.1 101");
      http2.send(
          "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0".getBytes(StandardCharsets.US_ASCII));
      http2.receive(9);
      assertThat(connection(viewer, client)).containsEntry("protocol", "http");
      assertThat(connection(viewer, upgraded)).containsEntry("protocol", "websocket");
      assertThat(connection(viewer, http2)).containsEntry("protocol", "h2");
    }
  }

  @ParameterizedTest
  @MethodSource("dev.tidepool.echo.server.AllocatorChoice#named")
  void metricsAreThereWhateverTheAllocator(AllocatorChoice allocator) throws Exception {
    try (PagedServer server = new PagedServer(new FramedProtocol(), allocator);
        TestClient client = new TestClient(server.server.address());
        PageClient viewer = server.viewer()) {
      client.assertEchoes(FRAME);
      TestServer.await("it is counted", () -> server.server.server().totals().requests() == 1);
      Response metrics = viewer.get("/metrics");
      assertThat(metrics.headers().get("content-type")).startsWith("text/plain; version=0.0.4");
      assertThat(metrics.text())
          .contains("tidepool_echo_requests_total 1.0", "tidepool_echo_connections_total 1.0")
          .contains("tidepool_echo_answered_bytes_total 1004.0")
          .contains("netty_allocator_memory_used{allocator_type=")
          .containsPattern("process_memory_resident_bytes [1-9]")
          .contains("tidepool_echo_latency_seconds{quantile=\"0.99\"}");
      assertThat(metrics.text().contains("tidepool_memory_leased_bytes"))
          .isEqualTo(allocator.isTidepool());
      assertThat(viewer.get("/api/arenas").json())
          .containsEntry("total", allocator == AllocatorChoice.CONNECTION ? 1 : 0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/api/snapshot", "/api/arenas", "/metrics", "/api/history"})
  void whatIsWatchedIsNotChangedByThat(String path) throws Exception {
    try (PagedServer server = new PagedServer(new FramedProtocol());
        PageClient viewer = server.viewer()) {
      var metric = ((ArenaByteBufAllocator) server.server.memory().allocator()).metric();
      for (int i = 0; i < 20; i++) {
        assertThat(viewer.get(path).status()).isEqualTo(200);
      }
      assertThat(metric.upstreamAllocations()).isZero();
      assertThat(server.server.server().totals().connections()).isZero();
      assertThat(viewer.get("/api/arenas").json()).containsEntry("total", 0);
    }
  }
}
