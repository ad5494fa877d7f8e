package dev.tidepool.echo.compare;

import dev.tidepool.echo.figures.Figures;
import io.netty.util.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What was compared, where and how: the first line of the raw data.
 *
 * @param schemaVersion of the raw data
 * @param started in ISO 8601
 * @param command that repeats it
 * @param subjects in the order of the first round
 * @param scenarios that were run, by name
 * @param leftOut why other scenarios were not
 * @param environment by name
 * @param commands of all processes, as a shell takes them
 */
public record Setup(
    int schemaVersion,
    String started,
    String command,
    List<Subject> subjects,
    List<String> scenarios,
    List<String> leftOut,
    Map<String, String> environment,
    List<String> commands) {
  private static final int VERSION = 2;
  private static final Path CPUS = Path.of("/proc/cpuinfo");

  static Setup of(ComparePlan plan, String command, List<String> leftOut) {
    List<Subject> subjects = Subject.withTwin(plan.allocators());
    return new Setup(
        VERSION,
        Instant.now().toString(),
        command,
        subjects,
        plan.scenarios().stream().map(Scenario::name).toList(),
        leftOut,
        environment(plan),
        commands(plan, subjects));
  }

  /** Of all servers, of which some scenarios have the same, and of the load's process. */
  private static List<String> commands(ComparePlan plan, List<Subject> subjects) {
    JavaCommand java = new JavaCommand(plan.jvmOptions());
    Stream<List<String>> servers =
        plan.scenarios().stream()
            .flatMap(scenario -> subjects.stream().map(each -> ServedJob.of(scenario, each)))
            .distinct()
            .map(job -> Cores.pinned(plan.cores().server(), java.server(job)));
    List<String> client = Cores.pinned(plan.cores().client(), java.client());
    return Stream.concat(servers, Stream.of(client)).map(JavaCommand::words).toList();
  }

  /**
   * This setup and that of other scenarios, perhaps on another machine or another day.
   *
   * @throws IOException if both have a scenario, whose runs would then be of two setups, or other
   *     subjects or another version
   */
  Setup followedBy(Setup next) throws IOException {
    List<String> twice = scenarios.stream().filter(next.scenarios::contains).toList();
    if (!twice.isEmpty()
        || !subjects.equals(next.subjects)
        || schemaVersion != next.schemaVersion) {
      throw new IOException(
          "raw data of %s and of %s: scenarios in both: %s, subjects: %s and %s, versions: %d and %d"
                  .formatted(
                      started,
                      next.started,
                      twice,
                      subjects,
                      next.subjects,
                      schemaVersion,
                      next.schemaVersion)
              + " (expected: other scenarios of the same subjects)");
    }
    Map<String, String> both = new LinkedHashMap<>(environment);
    next.environment.forEach((name, value) -> both.merge(name, value, Setup::unlessEqual));
    return new Setup(
        schemaVersion,
        unlessEqual(started, next.started),
        unlessEqual(command, next.command),
        subjects,
        concat(scenarios, next.scenarios),
        leftOut.stream().filter(reason -> next.leftOut.contains(reason)).toList(),
        both,
        concat(commands, next.commands));
  }

  private static String unlessEqual(String one, String other) {
    return one.equals(other) ? one : one + "; " + other;
  }

  private static List<String> concat(List<String> some, List<String> more) {
    return Stream.concat(some.stream(), more.stream()).distinct().toList();
  }

  private static Map<String, String> environment(ComparePlan plan) {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("processor", processor());
    environment.put(
        "cores", Runtime.getRuntime().availableProcessors() + ", " + plan.cores().words());
    environment.put(
        "system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    environment.put(
        "Java", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
    environment.put("Netty", netty());
    environment.put("server's JVM options", String.join(" ", plan.jvmOptions()));
    environment.put(
        "one run",
        Figures.format(
            "a fresh server; warm-ups of at most %d ms, until the compiler is quiet; %d ms flat out,"
                + " %d ms at the common rate, %d ms silence"
                + " where connections stay open",
            plan.warmupMillis(),
            plan.durationMillis(),
            plan.durationMillis(),
            plan.settleMillis()));
    environment.put("rounds", Figures.count(plan.rounds()));
    environment.put("seed", String.valueOf(plan.seed()));
    return environment;
  }

  private static String netty() {
    Version version = Version.identify().get("netty-buffer");
    return version == null ? "unknown" : version.artifactVersion();
  }

  private static String processor() {
    try (Stream<String> lines = Files.lines(CPUS)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException e) {
      return System.getProperty("os.arch");
    }
  }
}
