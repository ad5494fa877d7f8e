package dev.tidepool.echo.compare;

import dev.tidepool.echo.figures.Figures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs a comparison: a pilot that finds the common rates, then all rounds. */
final class Comparison {
  private static final double PART_OF_SLOWEST = 0.6;

  private final ComparePlan plan;
  private final List<Subject> subjects;
  private final Consumer<String> progress;
  private final BooleanSupplier interrupted;
  private final JavaCommand java;
  private final Path log;
  private final Map<String, Double> rates = new HashMap<>();
  private int runs;

  /**
   * @param progress is told of each run
   * @param interrupted whether to end before the next run
   */
  Comparison(ComparePlan plan, Consumer<String> progress, BooleanSupplier interrupted) {
    this.plan = plan;
    this.subjects = Subject.withTwin(plan.allocators());
    this.progress = progress;
    this.interrupted = interrupted;
    this.java = new JavaCommand(plan.jvmOptions());
    this.log = plan.directory().resolve("processes.log");
  }

  /** All runs, each of which is in the raw data as soon as it has ended. */
  List<RunResult> execute(RawData raw) throws IOException, InterruptedException {
    Files.deleteIfExists(log);
    try (Child client =
        new Child("client", Cores.pinned(plan.cores().client(), java.client()), log)) {
      findRates(client);
      List<RunOrder.Step> steps = RunOrder.of(plan.scenarios(), subjects, plan.rounds());
      List<RunResult> results = new ArrayList<>();
      for (RunOrder.Step step : steps) {
        if (interrupted.getAsBoolean()) {
          break;
        }
        RunResult result = run(step, client, rates.get(step.scenario().name()));
        raw.add(result);
        results.add(result);
        progress.accept(line(step, result, results.size(), steps.size()));
      }
      return results;
    }
  }

  private void findRates(Child client) throws IOException, InterruptedException {
    for (Scenario scenario : plan.scenarios()) {
      Double given = plan.ratePerSecond();
      double rate = given == null ? pilot(scenario, client) : given;
      rates.put(scenario.name(), rate);
      progress.accept(
          Figures.format("%s: the common rate is %s", scenario.name(), Unit.RATE.print(rate)));
    }
  }

  /** Of each allocator once, flat out. */
  private double pilot(Scenario scenario, Child client) throws IOException, InterruptedException {
    double slowest = Double.MAX_VALUE;
    for (Subject subject : subjects) {
      if (!subject.twin() && !interrupted.getAsBoolean()) {
        RunResult result = run(new RunOrder.Step(0, scenario, subject), client, null);
        slowest = Math.min(slowest, result.flatOut().perSecond());
      }
    }
    return Math.max(1, PART_OF_SLOWEST * slowest);
  }

  private RunResult run(RunOrder.Step step, Child client, @Nullable Double rate)
      throws IOException, InterruptedException {
    List<String> command = java.server(ServedJob.of(step.scenario(), step.subject()));
    try (Child server = new Child("server", Cores.pinned(plan.cores().server(), command), log)) {
      RunResult result = new Run(step, plan, client, server).execute(runs++, rate);
      server.ask("stop", ServedProcess.Stopped.class);
      return result;
    }
  }

  private static String line(RunOrder.Step step, RunResult result, int results, int all) {
    RunResult.Phase flatOut = result.flatOut();
    return Figures.format(
        "%d of %d: round %d, %s, %s: %s a request, %s flat out, %s resident%s",
        results,
        all,
        step.round(),
        step.scenario().name(),
        step.subject().label(),
        Unit.CPU.print(flatOut.loopCpuNanos()),
        Unit.RATE.print(flatOut.perSecond()),
        Unit.BYTES.print(result.peakResidentBytes()),
        errors(result));
  }

  private static String errors(RunResult result) {
    RunResult.Phase atRate = result.atRate();
    long errors = result.flatOut().errorCount() + (atRate == null ? 0 : atRate.errorCount());
    return errors == 0 ? "" : ", " + Figures.count(errors, "error", "errors");
  }
}
