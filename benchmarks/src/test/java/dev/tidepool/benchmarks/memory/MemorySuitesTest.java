package dev.tidepool.benchmarks.memory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class MemorySuitesTest {
  @Test
  void aFigureIsTheMedianOfItsForks(@TempDir Path results) throws Exception {
    int exit =
        new CommandLine(new MemorySuites())
            .execute(
                "--quick",
                "--only=STRAGGLERS",
                "--allocators=UNPOOLED",
                "--forks=2",
                "--results=" + results);
    assertThat(exit).isZero();
    String json = Files.readString(results.resolve("memory-stragglers.json"));
    assertThat(JSON.std.listOfFrom(Object.class, json))
        .map(row -> (Map<?, ?>) row)
        .filteredOn(row -> "320 cumulations of 128 KiB kept".equals(row.get("case")))
        .filteredOn(row -> Stragglers.PER_BYTE_ALIVE.equals(row.get("figure")))
        .singleElement()
        .satisfies(row -> assertThat(row.get("samples")).isEqualTo(List.of(1.0, 1.0)));
  }
}
