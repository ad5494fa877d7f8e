package dev.tidepool.echo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.echo.compare.MadeRuns;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command line of compare, as far as it runs nothing. */
class CompareCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int compare(String... args) {
    return TidepoolEcho.commandLine(
            new PrintWriter(out, true), new PrintWriter(err, true), new ShutdownSignal())
        .execute(args);
  }

  @ParameterizedTest
  @CsvSource({
    "--allocators, 'pooled,arena,POOLED', pooled",
    "--allocators, 'io.netty.buffer.PooledByteBufAllocator,io.netty.buffer.PooledByteBufAllocator',"
        + " io.netty.buffer.PooledByteBufAllocator",
    "--scenarios, 'framed,h2,framed', framed"
  })
  void whatIsThereTwiceIsRefused(String option, String values, String twice) {
    assertThat(compare("compare", option, values)).isEqualTo(2);
    assertThat(err.toString())
        .startsWith(
            "Invalid value for option '%s': '%s' is there twice, expected each once"
                .formatted(option, twice));
    assertThat(out.toString()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "--rounds, 3",
    "--allocators, pooled",
    "--scenarios, framed",
    "--rate, 5",
    "--warmup, 1s",
    "--duration, 1s",
    "--settle, 1s",
    "--cores, none",
    "--jvm-options, -Xmx1g",
    "--seed, 7"
  })
  void whatRunsNothingTakesNoOptionsOfARun(String option, String value) {
    assertThat(compare("compare", "-o", "nowhere", "--pages-only", option, value)).isEqualTo(2);
    assertThat(err.toString())
        .startsWith(
            "Options '--pages-only' and '" + option + "' were both given, expected '--out'");
  }

  @Test
  void thePagesOfADirectoryAreWrittenAnew(@TempDir Path directory) throws Exception {
    MadeRuns.write(directory, List.of("framed"), 2);
    assertThat(compare("compare", "-o", directory.toString(), "--pages-only")).isZero();
    assertThat(err.toString()).isEmpty();
    assertThat(directory.resolve("COMPARISON.md")).isNotEmptyFile();
  }

  @Test
  void aWrongByteInTheRawDataIsAnExitCode(@TempDir Path directory) throws Exception {
    MadeRuns.write(directory, List.of("framed"), 2);
    Path raw = directory.resolve("runs.jsonl");
    String data = Files.readString(raw);
    Files.writeString(raw, data.replaceFirst("\"mismatchedBytes\":0", "\"mismatchedBytes\":7"));
    assertThat(compare("compare", "-o", directory.toString(), "--pages-only")).isEqualTo(3);
    assertThat(out.toString())
        .contains("Answers were wrong or memory was lost in 1 run (connection in framed)");
  }
}
