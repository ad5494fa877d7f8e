package dev.tidepool.echo.compare;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Commands in the words of a POSIX shell, and the one that started this process. */
public final class ShellCommand {
  private static final Path OWN = Path.of("/proc/self/cmdline");
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

  private ShellCommand() {}

  /** A command that a shell splits into these words. */
  public static String of(List<String> words) {
    return words.stream().map(ShellCommand::quoted).collect(Collectors.joining(" "));
  }

  private static String quoted(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  /**
   * The words that started this process.
   *
   * @param main its main class; where the system does not tell the words, they are made of it
   * @param arguments of the main class, likewise
   */
  public static List<String> own(Class<?> main, List<String> arguments) {
    List<String> words = own();
    return words.isEmpty() ? made(main, arguments) : words;
  }

  /** Empty where the system does not tell. */
  private static List<String> own() {
    try {
      String line = new String(Files.readAllBytes(OWN), StandardCharsets.UTF_8);
      List<String> words = List.of(line.split("\0", -1));
      return words.subList(0, words.size() - 1); // each ends with a zero
    } catch (IOException e) {
      return List.of();
    }
  }

  private static List<String> made(Class<?> main, List<String> arguments) {
    List<String> words = new ArrayList<>(List.of("java"));
    words.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    words.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    words.addAll(arguments);
    return words;
  }

  /** The word for Java in the command that started this process. */
  static String java() {
    List<String> words = own();
    return words.isEmpty() ? "java" : words.get(0);
  }
}
