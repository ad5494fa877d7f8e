package dev.tidepool.frameworks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page of recipes, whose code blocks are the very code that the modules' tests run. */
class RecipesTest {
  private static final Path FRAMEWORKS = Path.of("..");
  private static final RecipePage PAGE = RecipePage.read(Path.of("..", "..", "docs", "recipes.md"));

  /** From a comment {@code recipe: name} to a comment {@code end of recipe}. */
  private static final Pattern REGION =
      Pattern.compile(
          "^ *(?://|<!--) recipe: (\\S+?)(?: -->)?\n(.*?)^ *(?://|<!--) end of recipe",
          Pattern.DOTALL | Pattern.MULTILINE);

  private final Map<String, String> regions = regions();

  @Test
  void everyBlockIsARegionOfATest() {
    assertThat(PAGE.blocks()).isNotEmpty();
    assertThat(PAGE.blocks())
        .allSatisfy((name, block) -> assertThat(block).as(name).isEqualTo(regions.get(name)));
  }

  @Test
  void everyRegionIsOnThePage() {
    assertThat(PAGE.blocks().keySet()).containsExactlyInAnyOrderElementsOf(regions.keySet());
  }

  @Test
  void noBlockIsWithoutARegion() {
    assertThat(PAGE.fences()).isEqualTo(PAGE.blocks().size());
  }

  private static Map<String, String> regions() {
    Map<String, String> regions = new TreeMap<>();
    for (Path file : sources()) {
      REGION
          .matcher(read(file))
          .results()
          .forEach(
              region ->
                  assertThat(
                          regions.put(
                              region.group(1),
                              region.group(2).stripTrailing().stripIndent() + "\n"))
                      .as("another region of the name %s", region.group(1))
                      .isNull());
    }
    return regions;
  }

  private static List<Path> sources() {
    try (Stream<Path> files = Files.walk(FRAMEWORKS)) {
      return files
          .filter(file -> file.endsWith("pom.xml") || file.toString().endsWith("Recipes.java"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
