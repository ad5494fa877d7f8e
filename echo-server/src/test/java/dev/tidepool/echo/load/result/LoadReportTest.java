package dev.tidepool.echo.load.result;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.echo.figures.Json;
import dev.tidepool.echo.load.ErrorCause;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The same result as JSON, CSV and text. */
class LoadReportTest {
  private static final LoadReport OPEN =
      LoadReport.of(
          new Results.Builder()
              .answered(1_000)
              .sent(1_003)
              .intended(Results.histogram(1_000))
              .errors(Map.of(ErrorCause.TIMEOUT, 2L, ErrorCause.CONNECT, 1L))
              .mismatched(7)
              .latestSend(Duration.ofMillis(1))
              .build(),
          Results.configuration(100.0),
          ServerSide.of(Results.server(100, 1_000_000, 0), Results.server(1_100, 4_000_000, 2)),
          List.of(Threshold.parse("p50<1ms"), Threshold.parse("errors<1")),
          List.of("run-actual.hlog"));

  private static final LoadReport CLOSED =
      LoadReport.of(Results.of(1_000), Results.configuration(null), null, List.of(), List.of());

  private static Map<String, Object> json(LoadReport report) {
    return Json.fields(report);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }

  @Test
  void theJsonHasItsNamesInOrder() {
    assertThat(json(OPEN).keySet())
        .containsExactly(
            "schemaVersion",
            "verdict",
            "configuration",
            "started",
            "interrupted",
            "gaveUp",
            "failure",
            "rates",
            "latency",
            "histogram",
            "errors",
            "bytes",
            "client",
            "server",
            "thresholds",
            "files");
    assertThat(json(OPEN)).containsEntry("schemaVersion", 1).containsEntry("failure", null);
    assertThat(map(json(OPEN).get("configuration")))
        .containsEntry("ratePerSecond", 100.0)
        .containsEntry("durationNanos", 10_000_000_000L)
        .containsEntry("requests", null)
        .containsEntry("seed", 42);
  }

  @Test
  void latenciesAreIntegerNanosecondsOrNull() {
    Map<String, Object> latency = map(json(OPEN).get("latency"));
    assertThat(map(latency.get("actual")))
        .containsEntry("count", 1_000)
        .containsEntry("min", 1_000)
        .containsEntry("p999", null);
    assertThat(map(latency.get("actual")).get("p99")).isInstanceOf(Integer.class);
    assertThat(map(latency.get("intended"))).containsEntry("count", 1_000);
    assertThat(map(json(CLOSED).get("latency"))).containsEntry("intended", null);
  }

  @Test
  void theServersCpuIsDividedByItsRequests() {
    Map<String, Object> server = map(json(OPEN).get("server"));
    assertThat(server).containsEntry("cpuNanosPerRequest", 3_000);
    assertThat(map(server.get("before"))).containsEntry("requests", 100);
    assertThat(map(server.get("after"))).containsEntry("allocator", "arena");
    assertThat(json(CLOSED)).containsEntry("server", null);
    assertThat(OPEN.leaks()).isEqualTo(2);
    assertThat(ServerSide.of(Results.server(5, 1, 0), Results.server(5, 9, 0)).cpuNanosPerRequest())
        .isNull();
  }

  @Test
  void whatWasMissedIsSaid() {
    assertThat(map(json(OPEN).get("errors")))
        .containsExactly(Map.entry("connect", 1), Map.entry("timeout", 2));
    assertThat(map(json(OPEN).get("bytes")))
        .containsExactly(
            Map.entry("verified", 100_000), Map.entry("unverified", 0), Map.entry("mismatched", 7));
    assertThat(OPEN.errorCount()).isEqualTo(3);
    assertThat(OPEN.missesThreshold()).isTrue();
    assertThat(CLOSED.missesThreshold()).isFalse();
    assertThat(json(OPEN).get("thresholds")).asString().contains("errors<1").contains("met=false");
  }

  @Test
  void theTextBeginsWithTheVerdictAndKeepsTheOrder() {
    List<String> lines = ReportText.lines(OPEN);
    assertThat(lines.get(0)).isEqualTo(OPEN.verdict().text());
    assertThat(String.join("\n", lines))
        .containsSubsequence(
            "target            127.0.0.1:7007, framed\n",
            "seed              42\n",
            "offered           100 requests/s\n",
            "achieved          100 requests/s",
            "requests          1,003 sent, 1,000 answered in 10.0 s, 3 failed\n",
            "from the send",
            "p99.99",
            "to 1.00 ms",
            "errors            3: 1 connect, 2 timeout\n",
            "bytes verified    100,000 (97.7 KiB)\n",
            "bytes mismatched  7\n",
            "this client",
            "server            process 7, arena allocator\n",
            "CPU a request   3.00 µs, on its event loops 1.50 µs, of 1,000 requests\n",
            "leaks           2\n",
            "threshold         p50<1ms met: 500 µs\n",
            "threshold         errors<1 MISSED: 3.00\n",
            "file              run-actual.hlog");
  }

  @Test
  void theTextOfAClosedLoopHasNoScheduleAndNoServer() {
    assertThat(String.join("\n", ReportText.lines(CLOSED)))
        .contains("errors            0\n")
        .doesNotContain("intended", "offered", "  server", "threshold");
  }

  @Test
  void theCsvHasAsManyValuesAsNames() {
    for (LoadReport report : List.of(OPEN, CLOSED)) {
      List<String> lines = ReportCsv.lines(report);
      assertThat(lines).hasSize(2);
      assertThat(lines.get(1).split(",", -1)).hasSameSizeAs(lines.get(0).split(",", -1));
      assertThat(lines.get(0)).isEqualTo(ReportCsv.lines(OPEN).get(0));
    }
    assertThat(value(OPEN, "serverCpuNanosPerRequest")).isEqualTo("3000");
    assertThat(value(CLOSED, "serverCpuNanosPerRequest")).isEmpty();
    assertThat(value(OPEN, "timeoutErrors")).isEqualTo("2");
    assertThat(value(OPEN, "resetErrors")).isEqualTo("0");
    assertThat(value(OPEN, "actualP999")).isEmpty();
    assertThat(value(OPEN, "thresholdsMissed")).isEqualTo("1");
  }

  private static String value(LoadReport report, String name) {
    List<String> lines = ReportCsv.lines(report);
    int column = List.of(lines.get(0).split(",", -1)).indexOf(name);
    return lines.get(1).split(",", -1)[column];
  }

  @Test
  void whatHasACommaIsQuoted() {
    Configuration asked = Results.configuration(null);
    Configuration mixed =
        new Configuration(
            "a\"b",
            asked.protocol(),
            asked.tls(),
            asked.transport(),
            asked.connections(),
            asked.threads(),
            asked.pipeline(),
            null,
            null,
            null,
            0,
            0,
            0,
            "1,2",
            1,
            Map.of());
    LoadReport report = LoadReport.of(Results.of(1), mixed, null, List.of(), List.of());
    assertThat(ReportCsv.lines(report).get(1))
        .contains(",\"a\"\"b\",framed,")
        .contains(",\"1,2\",");
  }
}
