package dev.tidepool.echo.compare;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The cores that the two processes of a run are pinned to.
 *
 * @param server a list as {@code taskset} takes it; null: it is not pinned
 * @param client likewise
 */
public record Cores(@Nullable String server, @Nullable String client) {
  /** No process is pinned. */
  public static final Cores NONE = new Cores(null, null);

  private static final Pattern FORM = Pattern.compile("([0-9,-]+):([0-9,-]+)");
  static final String TASKSET = "taskset";
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String ALLOWED = "Cpus_allowed_list:";

  /**
   * Reads {@code SERVER:CLIENT}, such as {@code 0:1} or {@code 0-3:4,5}, or {@code none}.
   *
   * @throws IllegalArgumentException if it is neither
   */
  public static Cores of(String text) {
    if (text.equals("none")) {
      return NONE;
    }
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' are no cores, expected SERVER:CLIENT such as 0:1, or none");
    }
    return new Cores(matcher.group(1), matcher.group(2));
  }

  /** The first two cores that this process may use, where there are two and it can be pinned. */
  public static Cores byDefault() {
    boolean possible = Runtime.getRuntime().availableProcessors() > 1 && isPossible();
    return possible ? firstTwo(allowed()) : NONE;
  }

  /** As the kernel prints it; empty where there is no such file. */
  private static String allowed() {
    try {
      return Files.readAllLines(STATUS, StandardCharsets.ISO_8859_1).stream()
          .filter(line -> line.startsWith(ALLOWED))
          .map(line -> line.substring(ALLOWED.length()).strip())
          .findFirst()
          .orElse("");
    } catch (IOException e) {
      return "";
    }
  }

  /**
   * The first two of a list; none of fewer.
   *
   * @param list such as {@code 0-3,8}
   */
  static Cores firstTwo(String list) {
    List<String> cores =
        Arrays.stream(list.split(",", -1))
            .filter(Predicate.not(String::isEmpty))
            .flatMapToInt(Cores::range)
            .limit(2)
            .mapToObj(String::valueOf)
            .toList();
    return cores.size() < 2 ? NONE : new Cores(cores.get(0), cores.get(1));
  }

  private static IntStream range(String range) {
    String[] ends = range.split("-", -1);
    return IntStream.rangeClosed(
        Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]));
  }

  public static boolean isPossible() {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, TASKSET)));
  }

  /** The command pinned to these cores. */
  static List<String> pinned(@Nullable String cores, List<String> command) {
    if (cores == null) {
      return command;
    }
    List<String> pinned = new ArrayList<>(List.of(TASKSET, "-c", cores));
    pinned.addAll(command);
    return pinned;
  }

  /**
   * Pins a process that runs to the cores of both, or to the server's alone. It has seen the
   * server's when it started, and so keeps the collector and the sizes that the JVM took for them.
   */
  void pinServer(Child process, boolean both) throws IOException, InterruptedException {
    if (server != null) {
      process.pin(both ? server + "," + client : server);
    }
  }

  public String words() {
    return server == null
        ? "not pinned"
        : "the server pinned to core " + server + ", the client to core " + client;
  }
}
