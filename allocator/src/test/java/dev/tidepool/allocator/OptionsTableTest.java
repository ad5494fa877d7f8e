package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The table of options in the documentation and the builder's methods, compared with the
 * declarations.
 */
class OptionsTableTest {
  private static final String LISTENER =
      "| `leakListener` | none | the listener that is told of each leak (builder only) |";

  /** On failure, the message has the lines that belong there. */
  @Test
  void theDocumentedTableEqualsTheDeclarations() throws IOException {
    List<String> rows =
        Files.readAllLines(Path.of("docs", "options.md")).stream()
            .dropWhile(line -> !line.equals("| name | default | meaning |"))
            .skip(2)
            .takeWhile(line -> line.startsWith("|"))
            .toList();
    List<String> declared =
        Stream.concat(Options.ALL.stream().map(OptionsTableTest::row), Stream.of(LISTENER))
            .toList();
    assertThat(String.join("\n", rows))
        .as("documented table of options; the rows to write there are those expected")
        .isEqualTo(String.join("\n", declared));
  }

  private static String row(Option<?> option) {
    return "| `%s` | %s | %s |".formatted(option.name(), option.defaultText(), option.meaning());
  }

  @Test
  void theBuilderHasAMethodForEachOption() {
    assertThat(
            Arrays.stream(OptionsBuilder.class.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .map(method -> method.getName())
                .filter(name -> !name.equals("leakListener"))
                .collect(Collectors.toList()))
        .containsExactlyInAnyOrderElementsOf(Options.ALL.stream().map(Option::name).toList());
  }
}
