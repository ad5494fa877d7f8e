package dev.tidepool.echo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.echo.testing.EchoProcess;
import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command compare, with processes of its own. */
class CompareProcessTest {
  @TempDir private Path directory;

  private List<String> compare(String... options) {
    List<String> arguments = new ArrayList<>(List.of("compare", "-o", directory.toString()));
    arguments.addAll(List.of(options));
    return arguments;
  }

  @Test
  void twoAllocatorsInOneScenario() throws Exception {
    List<String> arguments =
        compare(
            "--allocators=connection,io.netty.buffer.PooledByteBufAllocator",
            "--scenarios=http-buffers",
            "--rounds=1",
            "--rate=500",
            "--warmup=100ms",
            "--duration=300ms",
            "--jvm-options=-Xmx300m -Xmn30m",
            "--seed=7");
    try (EchoProcess process = EchoProcess.launch(List.of(), arguments)) {
      process.awaitLine("3 of 3: round 1, http-buffers, connection again: ");
      assertThat(process.exitCode()).as(process.errors()).isZero();
      assertThat(process.output())
          .contains("seed 7")
          .contains("http-buffers: the common rate is 500/s")
          .contains("connection is significantly better than the best peer in 0 of 1 scenario");
    }
    assertThat(Files.readString(directory.resolve("processes.log"))).isEmpty();
    List<String> lines = Files.readAllLines(directory.resolve("runs.jsonl"));
    assertThat(lines).hasSize(4);
    assertThat(lines.subList(1, 4))
        .allMatch(line -> line.contains("\"errors\":{}") && !line.contains("\"requests\":0,"));
    assertThat(Files.readString(directory.resolve("COMPARISON.md")))
        .contains("| PooledByteBufAllocator |")
        .contains(" dev.tidepool.echo.TidepoolEcho compare -o " + directory + " --allocators=")
        .contains(" '--jvm-options=-Xmx300m -Xmn30m' --seed=7\n")
        .containsPattern("java -Xmx300m -Xmn30m [^\n]+ '\\{\"allocator\":\"connection\"")
        .containsPattern(" '\\{\"allocator\":\"io.netty.buffer.PooledByteBufAllocator\"")
        .doesNotContain("Errors by cause");
    assertThat(directory.resolve("comparison.html")).isNotEmptyFile();
  }

  /** After the first run the peers have none, which the pages have to bear. */
  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143"})
  void aSignalEndsItWithPagesOfTheRunsUntilThen(String signal, int exitCode) throws Exception {
    List<String> arguments =
        compare(
            "--allocators=connection,pooled",
            "--scenarios=framed",
            "--rounds=100",
            "--rate=500",
            "--warmup=100ms",
            "--duration=100ms",
            "--settle=100ms");
    try (EchoProcess process = EchoProcess.launch(List.of(), arguments)) {
      process.awaitLine("1 of 300: round 1, framed, connection: ");
      assertThat(process.signal(signal)).as(process.errors()).isEqualTo(exitCode);
      assertThat(process.output()).doesNotContain("of 300: round 2,").contains("COMPARISON.md");
      assertThat(process.errors()).isEmpty();
    }
    assertThat(Files.readString(directory.resolve("COMPARISON.md"))).contains("| connection |");
    assertThat(directory.resolve("comparison.html")).isNotEmptyFile();
  }

  /** An allocator with arenas, of whose memory some never goes back. */
  public abstract static class Keeping extends AbstractByteBufAllocator {
    public static final ByteBufAllocator DEFAULT = ArenaByteBufAllocator.builder().build();
    public static final ByteBuf KEPT = DEFAULT.directBuffer(100);
  }

  @Test
  void aServerThatLosesMemoryIsToldOf() throws Exception {
    List<String> arguments =
        compare(
            "--allocators=" + Keeping.class.getName(),
            "--scenarios=framed",
            "--rounds=1",
            "--rate=500",
            "--warmup=100ms",
            "--duration=100ms");
    try (EchoProcess process = EchoProcess.launch(List.of(), arguments)) {
      process.awaitLine("2 of 2: ");
      assertThat(process.exitCode()).as(process.errors()).isEqualTo(3);
      assertThat(process.output())
          .contains("resident, faulty\n")
          .contains("Answers were wrong or memory was lost in 2 runs");
    }
    assertThat(Files.readString(directory.resolve("COMPARISON.md")))
        .contains("> Not all of the server's memory went back, in 1 of 1 run of ");
  }

  @Test
  void aScenarioThatNeedsMoreFilesThanThereMayBeIsRefused() throws Exception {
    try (EchoProcess process =
        EchoProcess.launchWithFiles(1024, compare("--scenarios=many-connections"))) {
      assertThat(process.exitCode()).isEqualTo(1);
      assertThat(process.errors())
          .contains("compare: no scenario can be run: many-connections needs 10,256 open files")
          .contains("there may be 1,024");
    }
    assertThat(directory.resolve("runs.jsonl")).doesNotExist();
  }
}
