package dev.tidepool.echo.load.result;

import static dev.tidepool.echo.figures.Figures.bytes;
import static dev.tidepool.echo.figures.Figures.count;
import static dev.tidepool.echo.figures.Figures.format;
import static dev.tidepool.echo.figures.Figures.nanos;
import static dev.tidepool.echo.figures.Figures.rate;
import static dev.tidepool.echo.figures.Figures.seconds;
import static dev.tidepool.echo.figures.Summary.line;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A load's result as text: first the verdict, then what it rests on. */
public final class ReportText {
  private static final double MEBIBYTE = 1 << 20;

  private final LoadReport report;
  private final List<String> lines = new ArrayList<>();

  private ReportText(LoadReport report) {
    this.report = report;
  }

  /** The lines, without line ends. */
  public static List<String> lines(LoadReport report) {
    return new ReportText(report).lines();
  }

  private List<String> lines() {
    lines.add(report.verdict().text());
    lines.add("");
    addConfiguration(report.configuration());
    lines.add("");
    addRates(report.rates());
    lines.add("");
    lines.addAll(LatencyTable.lines(report.latency().actual(), report.latency().intended()));
    lines.add("");
    lines.addAll(HistogramText.lines(report.histogram()));
    addErrors();
    addSides();
    addThresholds();
    report.files().forEach(file -> lines.add(line("file", file)));
    return lines;
  }

  private void addConfiguration(Configuration asked) {
    lines.add(
        line(
            "target", asked.target() + ", " + asked.protocol() + (asked.tls() ? " with TLS" : "")));
    lines.add(
        line(
            "load",
            format(
                "%s, %s under way on each, %s (%s)",
                count(asked.connections(), "connection", "connections"),
                count(asked.pipeline(), "request", "requests"),
                count(asked.threads(), "event loop", "event loops"),
                asked.transport())));
    lines.add(line("time", time(asked)));
    lines.add(line("payload bytes", asked.sizes()));
    asked.others().forEach((option, value) -> lines.add(line(option, value)));
    lines.add(line("seed", String.valueOf(asked.seed())));
  }

  private static String time(Configuration asked) {
    List<String> parts = new ArrayList<>();
    if (asked.durationNanos() != null) {
      parts.add(time(asked.durationNanos()));
    }
    if (asked.requests() != null) {
      parts.add(count(asked.requests(), "request", "requests") + " at most");
    }
    if (asked.rampUpNanos() > 0) {
      parts.add("after a ramp-up of " + time(asked.rampUpNanos()));
    }
    if (asked.warmupNanos() > 0) {
      parts.add("after a warm-up of " + time(asked.warmupNanos()));
    }
    return String.join(", ", parts);
  }

  private static String time(long nanos) {
    return seconds(Duration.ofNanos(nanos));
  }

  private void addRates(Rates rates) {
    Double offered = rates.offeredPerSecond();
    if (offered != null) {
      lines.add(line("offered", rate(offered) + " requests/s"));
    }
    lines.add(
        line(
            "achieved",
            rate(rates.achievedPerSecond())
                + " requests/s, "
                + format("%,.1f MiB/s", rates.bytesPerSecond() / MEBIBYTE)));
    lines.add(
        line(
            "requests",
            format(
                "%s sent, %s answered in %s%s",
                count(rates.sent()),
                count(rates.answered()),
                time(rates.elapsedNanos()),
                rates.failed() == 0 ? "" : ", " + count(rates.failed()) + " failed")));
  }

  private void addErrors() {
    lines.add("");
    lines.add(line("errors", count(report.errorCount()) + causes()));
    @Nullable String failure = report.failure();
    if (failure != null) {
      lines.add(line("the first", failure));
    }
    LoadReport.Bytes bytes = report.bytes();
    lines.add(line("bytes verified", count(bytes.verified()) + inUnits(bytes.verified())));
    if (bytes.unverified() > 0) {
      lines.add(line("not verified", count(bytes.unverified()) + inUnits(bytes.unverified())));
    }
    lines.add(line("bytes mismatched", count(bytes.mismatched())));
    if (report.gaveUp()) {
      lines.add(
          line("given up", "nothing was answered any more; these are the figures until then"));
    }
    if (report.interrupted()) {
      lines.add(line("interrupted", "by a signal; these are the figures until then"));
    }
  }

  private String causes() {
    List<String> causes = new ArrayList<>();
    report.errors().forEach((cause, number) -> causes.add(count(number) + " " + cause));
    return causes.isEmpty() ? "" : ": " + String.join(", ", causes);
  }

  private static String inUnits(long bytes) {
    return bytes < 1024 ? "" : " (" + bytes(bytes) + ")";
  }

  private void addSides() {
    lines.add("");
    lines.add(
        line(
            "this client",
            format(
                "%s of CPU, %s on its busiest event loop, %s resident",
                nanos(report.client().cpuNanos()),
                nanos(report.client().busiestLoopNanos()),
                ServerText.bytesOrUnknown(report.client().residentBytes()))));
    ServerSide server = report.server();
    if (server != null) {
      lines.addAll(ServerText.lines(server));
    }
  }

  private void addThresholds() {
    for (Threshold.Judged judged : report.thresholds()) {
      lines.add(line("threshold", ThresholdText.of(judged)));
    }
  }
}
