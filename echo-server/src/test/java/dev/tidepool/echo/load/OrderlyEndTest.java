package dev.tidepool.echo.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.echo.load.SizeMix.SizeRange;
import dev.tidepool.echo.protocol.FramedProtocol;
import dev.tidepool.echo.testing.ServeProcess;
import dev.tidepool.echo.testing.TestServer;
import dev.tidepool.echo.transport.TransportChoice;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * How loads end, as the server's process sees it: {@code -Dstress.endings=} so many connections.
 */
class OrderlyEndTest {
  private static final int CONNECTIONS = Integer.getInteger("stress.endings", 200);
  private static final SizeMix LARGE = new SizeMix("64K", List.of(new SizeRange(65_536, 65_536)));
  private static final Pattern ERRORS = Pattern.compile("([0-9,]+) errors?\\b");
  private static final Pattern LEFT_OUT = Pattern.compile("([0-9,]+) faults? more like it");

  private static LoadSettings.Builder settings(ServeProcess serve) {
    return LoadSettings.builder(serve.address(), new FramedProtocol())
        .connections(CONNECTIONS)
        .sizes(LARGE)
        .threads(1)
        .timeout(Duration.ofMinutes(1));
  }

  private static ServeProcess serve() throws IOException {
    return ServeProcess.start(List.of(), "--event-loops", "1");
  }

  private static void assertNoFaults(ServeProcess serve) throws Exception {
    assertThat(serve.signal("TERM")).as(serve.output() + serve.errors()).isZero();
    assertThat(serve.output()).contains(" 0 errors").contains("every byte went back");
    assertThat(serve.errors()).isEmpty();
  }

  /** Each connection has four requests of 64 KiB under way when the time is up. */
  @Test
  void theEndOfItsTimeIsNoFaultOnEitherSide() throws Exception {
    try (ServeProcess serve = serve()) {
      LoadResult result;
      try (LoadClient client =
          new LoadClient(
              settings(serve).duration(Duration.ofMillis(700)).build(),
              TransportChoice.AUTO.resolve())) {
        client.connect();
        result = client.run().join();
      }
      assertThat(result.errors()).isEmpty();
      assertThat(result.answered()).isEqualTo(result.sent()).isPositive();
      assertNoFaults(serve);
    }
  }

  @Test
  void anInterruptionIsNoFaultOnEitherSide() throws Exception {
    try (ServeProcess serve = serve()) {
      try (LoadClient client =
          new LoadClient(
              settings(serve).connections(20).duration(Duration.ofHours(1)).build(),
              TransportChoice.AUTO.resolve())) {
        client.connect();
        CompletableFuture<LoadResult> load = client.run();
        TestServer.await("some answers", () -> client.tally().answered() > 100);
        client.interrupt();
        assertThat(load.join().interrupted()).isTrue();
        assertThat(load.join().errors()).isEmpty();
      }
      assertNoFaults(serve);
    }
  }

  /** Every reset is counted, and each kind of fault has one line a second. */
  @Test
  void manyResetsAreFewLinesInTheServersLog() throws Exception {
    long begin = System.nanoTime();
    try (ServeProcess serve = serve()) {
      LoadResult result = loadWithResets(serve);
      assertThat(serve.signal("TERM")).as(serve.errors()).isZero();
      long seconds = Duration.ofNanos(System.nanoTime() - begin).toSeconds();
      long resets = 2_000 - result.sent();
      assertThat(resets).isGreaterThan(900);
      assertThat(number(ERRORS, serve.output())).isBetween(resets / 2, resets);
      List<String> lines = serve.errors().lines().filter(line -> line.contains("WARN")).toList();
      assertThat(faults(lines)).isEqualTo(number(ERRORS, serve.output()));
      assertThat(lines.size()).isLessThanOrEqualTo((int) (3 * (seconds + 2)));
    }
  }

  private static LoadResult loadWithResets(ServeProcess serve) throws IOException {
    LoadSettings settings =
        settings(serve)
            .connections(40)
            .sizes(new SizeMix("1000", List.of(new SizeRange(1000, 1000))))
            .requests(2_000L)
            .unfriendly(new UnfriendlySettings(0, 1, 50, false, 0, 0))
            .build();
    try (LoadClient client = new LoadClient(settings, TransportChoice.AUTO.resolve())) {
      client.connect();
      LoadResult result = client.run().join();
      assertThat(result.errors()).isEmpty();
      return result;
    }
  }

  private static long faults(List<String> lines) {
    return lines.stream()
        .mapToLong(line -> (line.contains("the latest: ") ? 0 : 1) + number(LEFT_OUT, line))
        .sum();
  }

  private static long number(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? Long.parseLong(matcher.group(1).replace(",", "")) : 0;
  }
}
