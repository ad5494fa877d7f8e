package dev.tidepool.echo.load.result;

import dev.tidepool.echo.load.ErrorCause;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A load's result as CSV (RFC 4180): a line of names and a line of values, so that the results of
 * many runs make one table. Times are in nanoseconds; what is not known is empty.
 */
public final class ReportCsv {
  private final Map<String, String> columns = new LinkedHashMap<>();

  private ReportCsv() {}

  /** The two lines, without line ends. */
  public static List<String> lines(LoadReport report) {
    ReportCsv csv = new ReportCsv();
    csv.addVerdict(report);
    csv.addConfiguration(report.configuration());
    csv.addRates(report.rates());
    csv.addLatencies("actual", report.latency().actual());
    csv.addLatencies("intended", report.latency().intended());
    csv.addOutcome(report);
    csv.addServer(report.server());
    return List.of(String.join(",", csv.columns.keySet()), String.join(",", csv.columns.values()));
  }

  private void addVerdict(LoadReport report) {
    add("started", report.started());
    add("valid", report.verdict().valid());
    add("clientWasBottleneck", report.verdict().clientWasBottleneck());
    add("rateReached", report.verdict().rateReached());
    add("interrupted", report.interrupted());
    add("gaveUp", report.gaveUp());
  }

  private void addConfiguration(Configuration asked) {
    add("target", asked.target());
    add("protocol", asked.protocol());
    add("tls", asked.tls());
    add("connections", asked.connections());
    add("threads", asked.threads());
    add("pipeline", asked.pipeline());
    add("sizes", asked.sizes());
    add("seed", asked.seed());
  }

  private void addRates(Rates rates) {
    add("offeredPerSecond", rates.offeredPerSecond());
    add("achievedPerSecond", rates.achievedPerSecond());
    add("scheduled", rates.scheduled());
    add("sent", rates.sent());
    add("answered", rates.answered());
    add("failed", rates.failed());
    add("elapsedNanos", rates.elapsedNanos());
    add("bytesPerSecond", rates.bytesPerSecond());
  }

  private void addLatencies(String kind, @Nullable LatencyFigures given) {
    LatencyFigures figures = given == null ? LatencyFigures.NONE : given;
    add(kind + "Min", figures.min());
    add(kind + "Mean", figures.mean());
    add(kind + "P50", figures.p50());
    add(kind + "P75", figures.p75());
    add(kind + "P90", figures.p90());
    add(kind + "P95", figures.p95());
    add(kind + "P99", figures.p99());
    add(kind + "P999", figures.p999());
    add(kind + "P9999", figures.p9999());
    add(kind + "Max", figures.max());
  }

  private void addOutcome(LoadReport report) {
    for (ErrorCause cause : ErrorCause.values()) {
      add(cause + "Errors", report.errors().getOrDefault(cause.toString(), 0L));
    }
    add("bytesVerified", report.bytes().verified());
    add("bytesUnverified", report.bytes().unverified());
    add("bytesMismatched", report.bytes().mismatched());
    add("clientCpuNanos", report.client().cpuNanos());
    add("thresholdsMissed", report.thresholds().stream().filter(each -> !each.met()).count());
  }

  private void addServer(@Nullable ServerSide server) {
    add("serverCpuNanosPerRequest", server == null ? null : server.cpuNanosPerRequest());
    add("serverResidentBytes", server == null ? null : server.after().residentBytes());
    add("serverPeakResidentBytes", server == null ? null : server.after().peakResidentBytes());
    add("serverStragglers", server == null ? null : server.after().stragglers());
    add("serverLeaks", server == null ? null : server.leaks());
  }

  private void add(String name, @Nullable Object value) {
    columns.put(name, value == null ? "" : quoted(value.toString()));
  }

  private static String quoted(String value) {
    return value.matches("[^,\"\r\n]*") ? value : '"' + value.replace("\"", "\"\"") + '"';
  }
}
