package dev.tidepool.echo.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Raw data of several comparisons, one after the other in one file. */
class RawDataTest {
  @TempDir private Path one;
  @TempDir private Path other;
  @TempDir private Path both;

  @BeforeEach
  void write() throws IOException {
    MadeRuns.write(one, List.of("framed", "h2"), 3);
  }

  private void concatenate() throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(RawData.file(one)));
    lines.addAll(Files.readAllLines(RawData.file(other)));
    Files.write(RawData.file(both), lines);
  }

  @Test
  void otherScenariosMayFollow() throws IOException {
    MadeRuns.write(other, List.of("tls"), 2);
    concatenate();
    RawData.Contents contents = RawData.read(both);
    assertThat(contents.setup().scenarios()).containsExactly("framed", "h2", "tls");
    assertThat(contents.setup().environment()).containsEntry("Java", "17 <&> \"x\"");
    assertThat(contents.runs()).hasSize(MadeRuns.SUBJECTS.size() * (2 * 3 + 2));
  }

  @Test
  void theSameScenarioTwiceIsRefused() throws IOException {
    MadeRuns.write(other, List.of("h2"), 2);
    concatenate();
    assertThatThrownBy(() -> RawData.read(both))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("scenarios in both: [h2]");
  }
}
