package dev.tidepool.echo.live.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.echo.live.LiveLeak;
import dev.tidepool.echo.live.http.PageClient.Response;
import dev.tidepool.echo.protocol.FramedProtocol;
import dev.tidepool.echo.protocol.Protocol;
import dev.tidepool.echo.server.AllocatorChoice;
import dev.tidepool.echo.server.ServedSummary;
import dev.tidepool.echo.testing.TestServer;
import dev.tidepool.echo.trouble.Trouble;
import dev.tidepool.echo.trouble.TroubleMaker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Trouble that viewers start: it shows, is bounded, and leaves nothing behind. */
class TroubleTest {
  private static void start(PagedServer server, String action) throws Exception {
    try (PageClient viewer = server.viewer()) {
      assertThat(viewer.change("POST", "/api/actions/" + action).status()).isEqualTo(202);
    }
  }

  private static void awaitEnd(PagedServer server, Trouble trouble) {
    TestServer.await("the trouble has ended", () -> server.trouble.running(trouble) == 0);
  }

  @ParameterizedTest
  @MethodSource("dev.tidepool.echo.protocol.Protocols#all")
  void aLeakIsReportedAndThenGivenBack(Protocol protocol) throws Exception {
    try (PagedServer server = new PagedServer(protocol)) {
      start(server, "leak");
      TestServer.await("a report", () -> !server.leaks.last().isEmpty());
      awaitEnd(server, Trouble.LEAK);
      assertThat(server.leaks.last())
          .extracting(LiveLeak::text)
          .allMatch(text -> text.contains("LeakyHandler.forget"));
      int reported = server.leaks.last().size();
      ServedSummary served = server.stop();
      assertThat(served.memory().kept()).isTrue();
      assertThat(served.memory().lines().get(0))
          .contains("0 bytes now")
          .contains("(%d asked for on the page): every byte went back".formatted(reported));
    }
  }

  @Test
  void aLeakThatNobodyAskedForIsStillALoss() throws Exception {
    try (PagedServer server = new PagedServer(new FramedProtocol())) {
      start(server, "leak");
      awaitEnd(server, Trouble.LEAK);
      server.server.memory().leaksProvoked(-1); // as if one more had been reported
      ServedSummary served = server.stop();
      assertThat(served.memory().kept()).isFalse();
      assertThat(served.memory().lines().get(0)).contains("NOT ALL MEMORY WENT BACK");
    }
  }

  @Test
  void greedyClientsArePausedOrRefused() throws Exception {
    try (PagedServer server = new PagedServer(new FramedProtocol())) {
      start(server, "greedy");
      var metric = ((ArenaByteBufAllocator) server.server.memory().allocator()).metric();
      TestServer.await("a refusal", () -> metric.refusals() > 0);
      TestServer.await("a pause", () -> somePaused(server));
      assertThat(server.stop().memory().kept()).isTrue();
    }
  }

  private static boolean somePaused(PagedServer server) {
    return server.sampler.latest().connections().stream()
        .anyMatch(connection -> connection.state().equals("paused"));
  }

  @ParameterizedTest
  @EnumSource(Trouble.class)
  void whateverIsUnderWayEndsWithTheServer(Trouble trouble) throws Exception {
    try (PagedServer server = new PagedServer(new FramedProtocol())) {
      start(server, trouble.id());
      TestServer.await("it shows", () -> server.server.server().totals().connections() > 0);
      ServedSummary served = server.stop();
      assertThat(server.trouble.running(trouble)).isZero();
      assertThat(served.memory().kept()).isTrue();
      assertThat(served.memory().used()).isZero();
    }
  }

  @Test
  void onlySoManyOfAKindAreUnderWay() throws Exception {
    try (PagedServer server = new PagedServer(new FramedProtocol());
        PageClient viewer = server.viewer()) {
      for (int i = 0; i < TroubleMaker.LIMIT; i++) {
        start(server, "slow-reader");
      }
      Response refused = viewer.change("POST", "/api/actions/slow-reader");
      assertThat(refused.status()).isEqualTo(429);
      assertThat(refused.error()).contains("3 of 'slow-reader' are under way");
      assertThat(viewer.get("/api/actions").json().get("actions").toString())
          .containsPattern("name=slow-reader, [^}]*running=3");
      assertThat(viewer.change("POST", "/api/actions/anything").status()).isEqualTo(404);
    }
  }

  @Test
  void withoutArenasThereIsNoLeakToFind() throws Exception {
    try (PagedServer server = new PagedServer(new FramedProtocol(), AllocatorChoice.POOLED);
        PageClient viewer = server.viewer()) {
      assertThat(viewer.change("POST", "/api/actions/leak").status()).isEqualTo(404);
      assertThat(viewer.get("/api/actions").json().get("actions").toString())
          .contains("slow-reader", "burst")
          .doesNotContain("leak");
    }
  }
}
