package dev.tidepool.frameworks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The page of recipes: its table of versions, and its code blocks, each behind a comment that says
 * which region of which test it is.
 */
final class RecipePage {
  private static final Pattern ROW =
      Pattern.compile("^\\| ([^|]+) \\| ([\\d.]+) \\| ([\\d.]+) \\|", Pattern.MULTILINE);
  private static final Pattern BLOCK =
      Pattern.compile("<!-- recipe: (\\S+) -->\n+```\\w+\n(.*?)```", Pattern.DOTALL);

  private final String text;

  private RecipePage(String text) {
    this.text = text;
  }

  static RecipePage read(Path page) {
    try {
      return new RecipePage(Files.readString(page));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The version of the framework that the page's table states. */
  String version(String framework) {
    return row(framework).group(2);
  }

  /** The version of Netty that the page's table states for the framework. */
  String netty(String framework) {
    return row(framework).group(3);
  }

  private MatchResult row(String framework) {
    return ROW.matcher(text)
        .results()
        .filter(row -> row.group(1).equals(framework))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no row of the page's table is: " + framework));
  }

  /** The code blocks by the names of their regions, in the page's order. */
  Map<String, String> blocks() {
    Map<String, String> blocks = new LinkedHashMap<>();
    BLOCK.matcher(text).results().forEach(block -> blocks.put(block.group(1), block.group(2)));
    return blocks;
  }

  /** The number of fenced blocks, with a region's name or without. */
  long fences() {
    return Pattern.compile("^```", Pattern.MULTILINE).matcher(text).results().count() / 2;
  }
}
