package dev.tidepool.echo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.tidepool.echo.figures.Addresses;
import dev.tidepool.echo.live.http.PagedServer;
import dev.tidepool.echo.protocol.FramedProtocol;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What load prints and writes, and what report makes of it, on a server that has a page. */
class LoadOutputTest {
  @TempDir private Path directory;

  private PagedServer server;

  @BeforeEach
  void start() throws IOException {
    server = new PagedServer(new FramedProtocol());
  }

  @AfterEach
  void stop() {
    assertThat(server.stop().memory().kept()).isTrue();
  }

  private record Run(int exit, String out, String err) {
    Map<String, Object> json() throws IOException {
      assertThat(out.lines()).hasSize(1);
      return JSON.std.mapFrom(out);
    }
  }

  private static Run run(Stream<String> line) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exit =
        TidepoolEcho.commandLine(
                new PrintWriter(out, true), new PrintWriter(err, true), new ShutdownSignal())
            .execute(line.toArray(String[]::new));
    return new Run(exit, out.toString(), err.toString());
  }

  private Run load(String options) {
    String line =
        "load --port %d -t 1 -c 2 --data-size 100 --seed 5 %s"
            .formatted(server.server.address().getPort(), options);
    return run(Stream.of(line.split(" ")));
  }

  private String page() {
    return "http://" + Addresses.text(server.address);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }

  @Test
  void theJsonIsAllThatStandardOutputHas() throws Exception {
    Run run = load("-n 200 -o json --server-page " + page());
    assertThat(run.exit).as(run.err).isZero();
    assertThat(run.err).startsWith("load on ");
    assertThat(map(run.json().get("rates"))).containsEntry("answered", 200);
    assertThat(map(run.json().get("configuration")))
        .containsEntry("connections", 2)
        .containsEntry("seed", 5)
        .containsEntry("sizes", "100")
        .containsEntry("others", Map.of());
    Map<String, Object> side = map(run.json().get("server"));
    assertThat((int) side.get("cpuNanosPerRequest")).isPositive();
    assertThat(map(side.get("before"))).containsEntry("requests", 0);
    assertThat(map(side.get("after"))).containsEntry("requests", 200);
  }

  @Test
  void theTextHasTheServersSide() {
    Run run = load("-n 100 --quiet --server-page " + page());
    assertThat(run.exit).as(run.err).isZero();
    assertThat(run.err).isEmpty();
    assertThat(run.out)
        .startsWith("load on ")
        .containsPattern("(?m)^The server answered ")
        .containsPattern("server +process \\d+, ")
        .containsPattern("CPU a request +[0-9.,]+ µs, .* of 100 requests");
  }

  @Test
  void whatWasAskedForBesideIsSaid() throws Exception {
    Map<String, Object> asked =
        map(load("-n 50 -o json --quiet --connect-timeout 3s").json().get("configuration"));
    assertThat(asked).containsEntry("others", Map.of("connect-timeout", "3s"));
  }

  @Test
  void csvHasTwoLines() {
    Run run = load("-n 50 -o csv --quiet");
    assertThat(run.exit).isZero();
    assertThat(run.err).isEmpty();
    assertThat(run.out.lines()).hasSize(2);
  }

  @Test
  void aMissedThresholdIsNinetyNine() {
    assertThat(load("-n 50 --quiet --threshold max<1h --threshold p50<1s").exit).isEqualTo(2);
    assertThat(load("-n 50 --quiet --threshold max<1000s --threshold errors<1").exit).isZero();
    Run missed = load("-n 50 --quiet --threshold max<1ns");
    assertThat(missed.exit).isEqualTo(99);
    assertThat(missed.out).containsPattern("threshold +max<1ns MISSED: ");
  }

  @Test
  void logsOfTwoLoadsMakeOneReport() throws Exception {
    String first = directory.resolve("first").toString();
    String second = directory.resolve("second").toString();
    assertThat(load("-n 60 --quiet --hdr-file-prefix " + first).exit).isZero();
    assertThat(load("-n 40 --quiet --hdr-file-prefix " + second).exit).isZero();
    List<String> logs = List.of(first + "-actual.hlog", second + "-actual.hlog");
    assertThat(logs).allSatisfy(log -> assertThat(Path.of(log)).exists());
    Run report = run(Stream.concat(Stream.of("report", "-o", "json"), logs.stream()));
    assertThat(report.exit).as(report.err).isZero();
    assertThat(map(report.json().get("rates"))).containsEntry("answered", 100);
    assertThat(map(map(report.json().get("latency")).get("actual"))).containsEntry("count", 100);
    Run missed = run(Stream.concat(Stream.of("report", "--threshold", "max<1ns"), logs.stream()));
    assertThat(missed.exit).isEqualTo(99);
  }

  @Test
  void aLoadWithARateWritesTheIntendedLatenciesToo() throws Exception {
    String prefix = directory.resolve("rate").toString();
    Run run =
        load(
            "-R 1000 -n 50 -o json --quiet --threshold intended.max<100s --hdr-file-prefix "
                + prefix);
    assertThat(run.json().get("files"))
        .isEqualTo(List.of(prefix + "-actual.hlog", prefix + "-intended.hlog"));
    assertThat(map(map(run.json().get("latency")).get("intended"))).containsEntry("count", 50);
    assertThat(map(run.json().get("rates"))).containsEntry("offeredPerSecond", 1000.0);
  }

  @Test
  void whatCannotBeDoneInTheEndIsRefusedBeforeTheLoad() throws Exception {
    Run page = load("-n 50 --server-page http://127.0.0.1:1");
    assertThat(page.exit).isEqualTo(1);
    assertThat(page.err).contains("cannot read the server's figures from http://127.0.0.1:1/");
    Run logs = load("-n 50 --hdr-file-prefix " + directory.resolve("none").resolve("run"));
    assertThat(logs.exit).isEqualTo(1);
    assertThat(logs.err).contains("expected a directory that is there and may be written to");
    assertThat(page.out + logs.out).isEmpty();
    assertThat(server.server.server().totals().connections()).isZero();
  }

  @Test
  void aLogThatIsNoneIsReported() throws Exception {
    Path file = directory.resolve("notes");
    Files.writeString(file, "nothing");
    Run report = run(Stream.of("report", file.toString()));
    assertThat(report.exit).isEqualTo(1);
    assertThat(report.err).startsWith("report: " + file + " is no log of a load");
    assertThat(report.out).isEmpty();
  }
}
