package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The page of supported versions, whose tables are what {@code .ci/matrix} and the pom say. */
class SupportedVersionsTest {
  private static final Path PAGE = Path.of("docs", "supported-versions.md");
  private static final Path POM = Path.of("..", "pom.xml");

  private static List<String> cells() throws Exception {
    Process list = new ProcessBuilder("../.ci/matrix", "--list").redirectErrorStream(true).start();
    String output = new String(list.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(list.waitFor()).as(output).isZero();
    return output.lines().toList();
  }

  @Test
  void thePageHasTheCellsThatTheScriptLists() throws Exception {
    assertThat(cells()).hasSizeGreaterThan(10);
    assertThat(Files.readAllLines(PAGE)).containsSubsequence(cells());
  }

  /** Each property of the pom that holds a version of Netty is named on the page. */
  @Test
  void thePageNamesEveryNettyThatTheTestsRunOn() throws IOException {
    List<String> versions =
        Files.readAllLines(POM).stream()
            .filter(line -> line.matches(" *<(older\\.)?netty[.\\w]*>\\d[.\\w]*</.*"))
            .map(line -> line.replaceAll(".*>(.*)</.*", "$1"))
            .toList();
    assertThat(versions).hasSizeGreaterThan(6);
    assertThat(versions)
        .allSatisfy(version -> assertThat(Files.readString(PAGE)).contains(version));
  }
}
