package dev.tidepool.echo.compare;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

  /** The first two cores, where there are two and processes can be pinned. */
  public static Cores byDefault() {
    boolean possible = Runtime.getRuntime().availableProcessors() > 1 && isPossible();
    return possible ? new Cores("0", "1") : NONE;
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
