package dev.tidepool.echo.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.echo.load.SizeMix.SizeRange;
import dev.tidepool.echo.protocol.FramedProtocol;
import dev.tidepool.echo.protocol.Protocol;
import dev.tidepool.echo.server.ServedSummary;
import dev.tidepool.echo.testing.TestServer;
import dev.tidepool.echo.tls.ClientTls;
import dev.tidepool.echo.tls.ServerTls;
import dev.tidepool.echo.tls.TlsProvider;
import dev.tidepool.echo.transport.TransportChoice;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Loads that are hard on their server: it stays well, and what was asked for is no error. */
class UnfriendlyLoadTest {
  private static final SizeMix SIZES = new SizeMix("10..3K", List.of(new SizeRange(10, 3000)));

  private static TestServer server(Protocol protocol) throws IOException {
    return TestServer.arena(protocol, TransportChoice.AUTO);
  }

  private static LoadSettings.Builder settings(TestServer server, Protocol protocol) {
    return LoadSettings.builder(server.address(), protocol)
        .sizes(SIZES)
        .threads(2)
        .connections(4)
        .requests(200L)
        .timeout(TestServer.PATIENCE);
  }

  private static UnfriendlySettings unfriendly(
      double slow, double abort, boolean dribble, int greedy, int idle) {
    return new UnfriendlySettings(slow, 20_000, abort, dribble, greedy, idle);
  }

  private static LoadResult load(LoadSettings.Builder settings) throws IOException {
    try (LoadClient client = new LoadClient(settings.build(), TransportChoice.NIO.resolve())) {
      client.connect();
      return client.run().join();
    }
  }

  private static void assertAllAnswered(LoadResult result, long requests) {
    assertThat(result.failure()).isNull();
    assertThat(result.errors()).isEmpty();
    assertThat(result.sent()).isEqualTo(requests);
    assertThat(result.answered()).isEqualTo(requests);
    assertThat(result.latencies().getTotalCount()).isEqualTo(requests);
  }

  private static ServedSummary assertServedWell(TestServer server) {
    ServedSummary served = server.stop();
    server.assertNoMoreFaults();
    assertThat(served.errors()).isZero();
    assertThat(served.memory().used()).isZero();
    return served;
  }

  @ParameterizedTest
  @MethodSource("dev.tidepool.echo.protocol.Protocols#all")
  void aByteAtATimeIsAnsweredLikeAnyOther(Protocol protocol) throws Exception {
    try (TestServer server = server(protocol)) {
      LoadSettings.Builder settings =
          settings(server, protocol).requests(12L).unfriendly(unfriendly(0, 0, true, 0, 0));
      assertAllAnswered(load(settings), 12);
      assertServedWell(server);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.tidepool.echo.protocol.Protocols#all")
  void connectionsThatEndAndBeginAgainLoseNothing(Protocol protocol) throws Exception {
    try (TestServer server = server(protocol)) {
      LoadSettings.Builder settings =
          settings(server, protocol)
              .requests(2_000L)
              .ratePerSecond(4_000.0)
              .channelLifetime(Duration.ofMillis(20))
              .connectRate(1_000.0);
      assertAllAnswered(load(settings), 2_000);
      assertThat(assertServedWell(server).connections()).isGreaterThan(8);
    }
  }

  /** The server finds no more than the resets that were asked for. */
  @ParameterizedTest
  @MethodSource("dev.tidepool.echo.protocol.Protocols#all")
  void requestsThatAreCutOffAreNoErrorsOfTheLoad(Protocol protocol) throws Exception {
    try (TestServer server = server(protocol)) {
      LoadResult result =
          load(settings(server, protocol).unfriendly(unfriendly(0, 25, false, 0, 0)));
      assertThat(result.errors()).isEmpty();
      assertThat(result.sent()).isEqualTo(result.answered()).isBetween(100L, 199L);
      ServedSummary served = server.stop();
      long cutOff = 200 - result.sent();
      assertThat(served.connections()).isGreaterThan(cutOff / 2).isLessThanOrEqualTo(cutOff + 4);
      assertThat(served.errors()).isPositive();
      assertThat(served.memory().used()).isZero();
    }
  }

  @Test
  void requestsThatAreCutOffAreNotMissedByTheSchedule() throws Exception {
    Protocol protocol = new FramedProtocol();
    try (TestServer server = server(protocol)) {
      LoadResult result =
          load(
              settings(server, protocol)
                  .ratePerSecond(1_000.0)
                  .unfriendly(unfriendly(0, 25, false, 0, 0)));
      long cutOff = 200 - result.sent();
      assertThat(cutOff).isPositive();
      long turns = Math.round(1_000.0 * result.elapsed().toNanos() / 1e9);
      assertThat(result.scheduled()).isEqualTo(turns - cutOff);
      assertThat(server.stop().memory().used()).isZero();
    }
  }

  @Test
  void overTlsToo() throws Exception {
    Protocol protocol = new FramedProtocol();
    ServerTls tls = ServerTls.selfSigned(TlsProvider.JDK, List.of(), TestServer.PATIENCE);
    try (TestServer server = TestServer.arena(protocol, TransportChoice.AUTO, tls)) {
      LoadResult result =
          load(
              settings(server, protocol)
                  .tls(ClientTls.insecure(TlsProvider.JDK, List.of()))
                  .requests(40L)
                  .channelLifetime(Duration.ofMillis(50))
                  .unfriendly(unfriendly(25, 25, true, 1, 1)));
      assertThat(result.errors()).as("%s", result.failure()).isEmpty();
      assertThat(result.answered()).isEqualTo(result.sent()).isBetween(15L, 39L);
      assertThat(server.stop().memory().used()).isZero();
    }
  }

  /** They read all in the end, so that the server has sent all it had to. */
  @ParameterizedTest
  @MethodSource("dev.tidepool.echo.protocol.Protocols#all")
  void slowReadersAndIdleConnectionsAreInNoFigure(Protocol protocol) throws Exception {
    try (TestServer server = server(protocol)) {
      LoadResult result =
          load(settings(server, protocol).unfriendly(unfriendly(50, 0, false, 0, 3)));
      assertAllAnswered(result, 200);
      ServedSummary served = assertServedWell(server);
      assertThat(served.connections()).isEqualTo(7);
      assertThat(served.bytes()).isGreaterThan(result.bytesVerified());
    }
  }

  @Test
  void theWarmUpAndTheRampUpAreInNoFigure() throws Exception {
    try (TestServer server = server(new FramedProtocol())) {
      LoadResult result =
          load(
              settings(server, new FramedProtocol())
                  .ratePerSecond(1_000.0)
                  .warmup(Duration.ofMillis(200))
                  .rampUp(Duration.ofMillis(200)));
      assertAllAnswered(result, 200);
      assertThat(assertServedWell(server).requests()).isGreaterThan(200);
    }
  }

  /** The last of four opens after three intervals, however fast the machine is. */
  @Test
  void aConnectRateAndARampUpSpaceTheOpenings() throws Exception {
    Protocol protocol = new FramedProtocol();
    try (TestServer server = server(protocol)) {
      Duration spaced = Duration.ofMillis(300);
      assertThat(connecting(settings(server, protocol).connectRate(10.0)))
          .isGreaterThanOrEqualTo(spaced);
      assertThat(connecting(settings(server, protocol).rampUp(Duration.ofMillis(400))))
          .isGreaterThanOrEqualTo(spaced);
    }
  }

  private static Duration connecting(LoadSettings.Builder settings) throws IOException {
    try (LoadClient client = new LoadClient(settings.build(), TransportChoice.NIO.resolve())) {
      long begin = System.nanoTime();
      client.connect();
      return Duration.ofNanos(System.nanoTime() - begin);
    }
  }

  @Test
  void theLiveFiguresAreThoseSinceTheLastTime() throws Exception {
    try (TestServer server = server(new FramedProtocol());
        LoadClient client =
            new LoadClient(
                settings(server, new FramedProtocol()).build(), TransportChoice.NIO.resolve())) {
      client.connect();
      client.run().join();
      assertThat(client.tally().sent()).isEqualTo(200);
      assertThat(client.tally().answered()).isEqualTo(200);
      var histogram = client.tally().intervalLatencies(null);
      assertThat(histogram.getTotalCount()).isEqualTo(200);
      assertThat(client.tally().intervalLatencies(histogram).getTotalCount()).isZero();
    }
  }
}
