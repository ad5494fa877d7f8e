package dev.tidepool.echo;

import dev.tidepool.echo.cli.Converters;
import dev.tidepool.echo.compare.Compare;
import dev.tidepool.echo.compare.ComparePlan;
import dev.tidepool.echo.compare.Cores;
import dev.tidepool.echo.compare.Scenario;
import dev.tidepool.echo.compare.Scenarios;
import dev.tidepool.echo.compare.ShellCommand;
import dev.tidepool.echo.figures.Figures;
import dev.tidepool.echo.server.AllocatorChoice;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** The command that runs servers with different allocators under the same loads. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    description =
        "Compares allocators: servers in processes of their own under the same loads, in turn, then"
            + " writes a page with the statistics.",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:compared",
      "1:could not run",
      "2:wrong usage",
      "3:an answer was wrong, or memory was lost; the pages say where",
      "130, 143:ended by SIGINT or SIGTERM; the pages have the runs until then"
    })
final class CompareCommand implements Callable<Integer> {
  private static final Set<String> WITH_PAGES_ONLY = Set.of("--pages-only", "--out");

  private final PrintWriter out;
  private final ShutdownSignal signal;

  @Spec private CommandSpec spec;

  @Option(
      names = "--allocators",
      paramLabel = "ALLOCATOR",
      split = ",",
      converter = Converters.AllocatorName.class,
      completionCandidates = Converters.AllocatorName.class,
      description =
          "${COMPLETION-CANDIDATES}, or classes on the class path. The first is run twice, which"
              + " shows how much equal things differ. Default: all that have a name")
  private List<AllocatorChoice> allocators = AllocatorChoice.named();

  @Option(
      names = "--scenarios",
      paramLabel = "SCENARIO",
      split = ",",
      converter = CompareConverters.ScenarioName.class,
      completionCandidates = CompareConverters.ScenarioName.class,
      description = "${COMPLETION-CANDIDATES}. Default: all")
  private List<Scenario> scenarios = Scenarios.all();

  @Option(
      names = {"-x", "--rounds"},
      paramLabel = "N",
      converter = Converters.Count.class,
      description = "how often each allocator is run in each scenario. Default: 10")
  private int rounds = 10;

  @Option(
      names = {"-R", "--rate"},
      paramLabel = "N",
      converter = Converters.Count.class,
      description =
          "requests a second at which latencies are compared. Default: what a pilot finds that all"
              + " allocators hold, with neither side busier than three quarters, for each scenario")
  private @Nullable Integer rate;

  @Option(
      names = "--warmup",
      paramLabel = "TIME",
      converter = Converters.PositiveTime.class,
      description =
          "before the first measurement, at most: it ends when the server's compiler has little left"
              + " to do. Default: 10s")
  private Duration warmup = Duration.ofSeconds(10);

  @Option(
      names = {"-d", "--duration"},
      paramLabel = "TIME",
      converter = Converters.PositiveTime.class,
      description = "of both measurements: flat out, at the common rate. Default: 1300ms")
  private Duration duration = Duration.ofMillis(1300);

  @Option(
      names = "--settle",
      paramLabel = "TIME",
      converter = Converters.Time.class,
      description =
          "the silence after the load, where connections stay open: memory is measured at its end."
              + " Default: 8s")
  private Duration settle = Duration.ofSeconds(8);

  @Option(
      names = "--cores",
      paramLabel = "SERVER:CLIENT",
      converter = CompareConverters.CoreLists.class,
      description =
          "the cores that the processes are pinned to by taskset, as 0:1, or none. Default: the first"
              + " two that this process may use, where there are two, else none")
  private Cores cores = Cores.byDefault();

  @Option(
      names = "--jvm-options",
      paramLabel = "OPTIONS",
      split = " ",
      description = "of the servers. Default: ${DEFAULT-VALUE}")
  private List<String> jvmOptions = List.of("-Xmx512m", "-Xmn32m");

  @Option(
      names = "--seed",
      paramLabel = "SEED",
      description = "seed of all payloads and sizes. Default: another each time, printed")
  private long seed = new SplittableRandom().nextLong(Integer.MAX_VALUE);

  @Option(
      names = {"-o", "--out"},
      paramLabel = "DIR",
      description = "for the raw data and the pages. Default: ${DEFAULT-VALUE}")
  private Path directory = Path.of("comparison");

  @Option(
      names = "--pages-only",
      description =
          "runs nothing: writes the pages of the raw data in the directory anew; with --out alone")
  private boolean pagesOnly;

  CompareCommand(PrintWriter out, ShutdownSignal signal) {
    this.out = out;
    this.signal = signal;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (pagesOnly) {
      expectNothingToRun();
      return exit(Compare.writePages(directory, this::print), ExitCode.OK);
    }
    expectEachOnce("--allocators", allocators.stream().map(AllocatorChoice::toString).toList());
    expectEachOnce("--scenarios", scenarios.stream().map(Scenario::name).toList());
    CompletableFuture<Void> ended = signal.requested().toCompletableFuture();
    announce();
    Compare.Outcome outcome = Compare.run(plan(), command(), this::print, ended::isDone);
    return exit(outcome, ended.isDone() ? EchoExit.INTERRUPTED : ExitCode.OK);
  }

  private int exit(Compare.Outcome outcome, int ifVerified) {
    outcome.headline().forEach(this::print);
    return outcome.verified() ? ifVerified : EchoExit.VERIFICATION_FAILED;
  }

  private void expectNothingToRun() {
    for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
      if (!WITH_PAGES_ONLY.contains(option.longestName())) {
        throw new ParameterException(
            spec.commandLine(),
            "Options '--pages-only' and '%s' were both given, expected '--out' alone with the first"
                    .formatted(option.longestName())
                + ", which runs nothing");
      }
    }
  }

  private void expectEachOnce(String option, List<String> values) {
    Set<String> seen = new HashSet<>();
    for (String value : values) {
      if (!seen.add(value)) {
        throw new ParameterException(
            spec.commandLine(),
            "Invalid value for option '%s': '%s' is there twice, expected each once"
                .formatted(option, value));
      }
    }
  }

  private ComparePlan plan() {
    return new ComparePlan(
        allocators,
        scenarios,
        rounds,
        rate == null ? null : (double) rate,
        warmup,
        duration,
        settle,
        cores,
        jvmOptions,
        seed,
        directory);
  }

  private void announce() {
    print(
        "comparing %s in %s, %s, seed %d, %s; this takes about %s"
            .formatted(
                allocators,
                Figures.count(scenarios.size(), "scenario", "scenarios"),
                Figures.count(rounds, "round", "rounds"),
                seed,
                cores.words(),
                Figures.format("%.0f min", Math.ceil(plan().expected().toSeconds() / 60.0))));
  }

  /** What repeats it: the command that was typed, with the seed. */
  private String command() {
    ParseResult parsed = spec.commandLine().getParseResult();
    List<String> words =
        new ArrayList<>(ShellCommand.own(TidepoolEcho.class, parsed.originalArgs()));
    if (!parsed.hasMatchedOption("--seed")) {
      words.addAll(List.of("--seed", String.valueOf(seed)));
    }
    return ShellCommand.of(words);
  }

  private void print(String line) {
    out.println(line);
    out.flush();
  }
}
