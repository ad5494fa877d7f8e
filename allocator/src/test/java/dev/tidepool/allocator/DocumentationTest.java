package dev.tidepool.allocator;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages: that their links lead somewhere, and that what they quote is checked. */
class DocumentationTest {
  private static final Path ROOT = Path.of("..");

  private static final Pattern LINK = Pattern.compile("]\\(\\s*([^)\\s]+)\\s*\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.+)$");
  private static final Pattern CODE_BLOCK = Pattern.compile("(?ms)^```.*?^```$");
  private static final Pattern BLOCK = Pattern.compile("(?m)^(.*)\\n```(\\w*)\\n(?s:.*?)^```$");
  private static final Pattern PROPERTY = Pattern.compile("io\\.netty\\.allocator\\.[A-Za-z]+");

  static Stream<Path> pages() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files
          .filter(file -> file.toString().endsWith(".md"))
          .filter(file -> !file.toString().contains("/target/"))
          .filter(file -> !file.toString().contains("/."))
          .toList()
          .stream();
    }
  }

  @Test
  void thereArePages() throws IOException {
    assertThat(pages()).hasSizeGreaterThan(25);
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyLinkLeadsToAFileAndAHeading(Path page) throws IOException {
    Matcher link = LINK.matcher(withoutCode(page));
    while (link.find()) {
      if (!link.group(1).contains("://")) {
        check(page, link.group(1));
      }
    }
  }

  private static void check(Path page, String link) throws IOException {
    String[] parts = link.split("#", 2);
    Path file = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]);
    assertThat(file).as(link).exists();
    if (parts.length == 2) {
      assertThat(anchors(file)).as(link).contains(parts[1]);
    }
  }

  private static String withoutCode(Path page) throws IOException {
    return CODE_BLOCK.matcher(Files.readString(page)).replaceAll("");
  }

  /** The anchors of a page's headings, as GitHub makes them. */
  private static Set<String> anchors(Path page) throws IOException {
    return HEADING
        .matcher(withoutCode(page))
        .results()
        .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .collect(toCollection(TreeSet::new));
  }

  /** {@code .ci/readme} runs blocks of sh, {@link DocumentedExamplesTest} named ones of Java. */
  @Test
  void theReadmeHasNoBlockThatNothingChecks() throws IOException {
    String readme = Files.readString(ROOT.resolve("README.md"));
    assertThat(BLOCK.matcher(readme).results()).hasSizeGreaterThan(9);
    assertThat(BLOCK.matcher(readme).results()).allSatisfy(DocumentationTest::checkBlock);
  }

  private static void checkBlock(MatchResult block) {
    assertThat(block.group(2)).as(block.group()).isIn("sh", "java", "xml", "text");
    if (block.group(2).equals("java")) {
      assertThat(block.group(1)).as(block.group()).contains("<!-- example: ");
    }
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        PooledByteBufAllocator.class,
        AdaptiveByteBufAllocator.class,
      })
  void thePageOnMigratingNamesEveryPropertyOfNettys(Class<?> allocator) throws IOException {
    String page = Files.readString(Path.of("docs", "migrating.md"));
    Set<String> properties = properties(allocator.getName());
    if (allocator == AdaptiveByteBufAllocator.class) {
      properties.addAll(properties("io.netty.buffer.AdaptivePoolingAllocator"));
    }
    assertThat(properties).hasSizeGreaterThan(2);
    assertThat(properties).allSatisfy(property -> assertThat(page).contains("`" + property + "`"));
  }

  /** The names that the class file has as strings. */
  private static Set<String> properties(String className) throws IOException {
    try (InputStream file =
        PooledByteBufAllocator.class.getResourceAsStream(
            "/" + className.replace('.', '/') + ".class")) {
      String constants = new String(file.readAllBytes(), StandardCharsets.ISO_8859_1);
      return PROPERTY
          .matcher(constants)
          .results()
          .map(MatchResult::group)
          .filter(property -> !property.endsWith(".chunkSize")) // is logged, and cannot be set
          .collect(toCollection(TreeSet::new));
    }
  }
}
