package dev.tidepool.echo.load.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidepool.echo.load.ErrorCause;
import dev.tidepool.echo.load.LoadResult;
import dev.tidepool.echo.load.LoadResult.ClientSide;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MergedLogsTest {
  @TempDir private Path directory;

  private List<String> write(String name, LoadResult result, Double rate) throws IOException {
    return HdrLogs.write(directory.resolve(name).toString(), result, Results.configuration(rate));
  }

  private static LoadReport merge(List<String> files) throws IOException {
    return MergedLogs.report(files, List.of());
  }

  @Test
  void hdrHistogramsOwnReaderReadsALog() throws IOException {
    List<String> files = write("one", Results.of(500), null);
    assertThat(files).containsExactly(directory.resolve("one-actual.hlog").toString());
    Histogram read = (Histogram) new HistogramLogReader(files.get(0)).nextIntervalHistogram();
    assertThat(read.getTotalCount()).isEqualTo(500);
    assertThat(read.getTag()).isEqualTo("actual");
    assertThat(read.getStartTimeStamp()).isEqualTo(Results.STARTED.toEpochMilli());
    assertThat(read.getMaxValue()).isEqualTo(Results.histogram(500).getMaxValue());
  }

  @Test
  void oneLoadsLogsGiveItsResult() throws IOException {
    LoadResult result =
        new Results.Builder()
            .answered(2_000)
            .sent(2_001)
            .intended(Results.histogram(3_000))
            .errors(Map.of(ErrorCause.CLOSED, 1L))
            .failed(3)
            .gaveUp()
            .build();
    LoadReport merged = merge(write("one", result, 200.0));
    LoadReport report =
        LoadReport.of(result, Results.configuration(200.0), null, List.of(), merged.files());
    assertThat(merged).isEqualTo(report);
    assertThat(merged.files()).hasSize(2);
  }

  @Test
  void twoClientsAreOneLoad() throws IOException {
    List<String> files =
        new ArrayList<>(
            write(
                "a",
                new Results.Builder()
                    .answered(1_000)
                    .intended(Results.histogram(1_000))
                    .errors(Map.of(ErrorCause.RESET, 1L))
                    .build(),
                100.0));
    files.addAll(
        write(
            "b",
            new Results.Builder()
                .answered(3_000)
                .scheduled(3_000L)
                .intended(Results.histogram(3_000))
                .errors(Map.of(ErrorCause.RESET, 2L, ErrorCause.TIMEOUT, 4L))
                .busiestLoop(Duration.ofSeconds(5))
                .cpuPerProcessor(Duration.ofSeconds(4))
                .build(),
            300.0));
    LoadReport merged = merge(files);
    assertThat(merged.rates())
        .isEqualTo(
            new Rates(400.0, 400, 4_000L, 4_000, 4_000, 7, Results.ELAPSED.toNanos(), 40_000));
    assertThat(merged.verdict().rateReached()).isTrue();
    assertThat(merged.errors()).containsExactly(Map.entry("reset", 3L), Map.entry("timeout", 4L));
    Histogram both = Results.histogram(1_000);
    both.add(Results.histogram(3_000));
    assertThat(merged.latency())
        .isEqualTo(new LoadReport.Latencies(LatencyFigures.of(both), LatencyFigures.of(both)));
    assertThat(merged.client())
        .returns(Duration.ofSeconds(5).toNanos(), ClientSide::busiestLoopNanos)
        .returns(Duration.ofSeconds(4).toNanos(), ClientSide::cpuNanosPerProcessor);
    assertThat(merged.configuration())
        .returns(16, Configuration::connections)
        .returns("127.0.0.1:7007", Configuration::target);
    assertThat(merged.configuration().others())
        .containsEntry("clients", "2")
        .containsEntry("seeds", "42, 42");
  }

  /** A hundred a second each, for ten seconds and for twenty. */
  @Test
  void clientsOfDifferentTimesReachTheirRates() throws IOException {
    Results.Builder result = new Results.Builder().intended(Results.histogram(1_000));
    List<String> files = new ArrayList<>(write("a", result.build(), 100.0));
    LoadResult longer =
        result.elapsed(Duration.ofSeconds(20)).answered(2_000).scheduled(2_000L).build();
    files.addAll(write("b", longer, 100.0));
    LoadReport merged = merge(files);
    assertThat(merged.rates().scheduled()).isEqualTo(3_000);
    assertThat(merged.verdict().rateReached()).isTrue();
  }

  @Test
  void aScheduleOfOneClientIsNoneOfBoth() throws IOException {
    List<String> files =
        new ArrayList<>(
            write("a", new Results.Builder().intended(Results.histogram(9)).build(), 100.0));
    files.addAll(write("b", new Results.Builder().scheduled(null).build(), null));
    LoadReport merged = merge(files);
    assertThat(merged.latency().intended()).isNull();
    assertThat(merged.rates().offeredPerSecond()).isNull();
    assertThat(merged.rates().scheduled()).isNull();
    assertThat(merged.configuration().others())
        .containsEntry("schedule", "1 of 2 clients had one: it is left out");
  }

  @Test
  void theSameLatenciesTwiceAreRefused() throws IOException {
    String file = write("one", Results.of(10), null).get(0);
    Path copy = directory.resolve("copy.hlog");
    Files.copy(Path.of(file), copy);
    assertThatThrownBy(() -> merge(List.of(file, copy.toString())))
        .isInstanceOf(IOException.class)
        .hasMessage(copy + " has the same latencies as " + file + ", expected each once");
  }

  @Test
  void theLatenciesFromTheScheduleNeedTheOthers() throws IOException {
    LoadResult result = new Results.Builder().intended(Results.histogram(9)).build();
    String intended = write("one", result, 1.0).get(1);
    assertThatThrownBy(() -> merge(List.of(intended)))
        .hasMessage(intended + " is without the other log of its load, expected that too");
  }

  @Test
  void whatIsNoLogIsRefusedByName() throws IOException {
    Path file = directory.resolve("notes.txt");
    Files.writeString(file, "nothing\n");
    assertThatThrownBy(() -> merge(List.of(file.toString())))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file + " is no log of a load");
    assertThatThrownBy(() -> merge(List.of(directory.resolve("none").toString())))
        .hasMessage("there is no file " + directory.resolve("none"));
  }

  @Test
  void aLogThatIsCutOrChangedIsRefused() throws IOException {
    String file = write("one", Results.of(1_000), null).get(0);
    String text = Files.readString(Path.of(file));
    String histogram =
        text.lines().filter(line -> line.startsWith("Tag=")).findFirst().orElseThrow();
    for (String broken :
        List.of(
            text.replace(histogram, ""),
            text.replace(histogram, histogram.substring(0, histogram.length() / 2)),
            text.replace("Tag=actual", "Tag=other"),
            text.replace("\"schemaVersion\":1", "\"schemaVersion\":2"),
            text.replace("\"run\":", "\"run\""))) {
      Files.writeString(Path.of(file), broken);
      assertThatThrownBy(() -> merge(List.of(file)))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(file + " is no log of a load, expected one");
    }
  }
}
