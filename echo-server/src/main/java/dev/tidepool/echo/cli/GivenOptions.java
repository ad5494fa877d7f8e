package dev.tidepool.echo.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The options that were given on a command line. */
public final class GivenOptions {
  private GivenOptions() {}

  /**
   * The values of the options given, by their longest names without dashes; an option without a
   * value has an empty one.
   *
   * @param leftOut options of no interest, by their longest names
   */
  public static Map<String, String> of(ParseResult parsed, Set<String> leftOut) {
    Map<String, String> given = new LinkedHashMap<>();
    for (OptionSpec option : parsed.matchedOptions()) {
      if (!leftOut.contains(option.longestName())) {
        given.put(
            option.longestName().substring(2),
            option.arity().max() == 0 ? "" : String.join(", ", option.originalStringValues()));
      }
    }
    return given;
  }
}
