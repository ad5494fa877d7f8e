package dev.tidepool.echo.compare;

import dev.tidepool.echo.compare.RunResult.Account;
import dev.tidepool.echo.figures.Figures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs a comparison: a pilot that finds for each scenario a rate that all allocators hold with time
 * to spare, then all rounds. A run that fails is left out; after several in a row the comparison
 * fails.
 */
final class Comparison implements AutoCloseable {
  private static final int MOST_FAILURES = 3;

  private final ComparePlan plan;
  private final List<Subject> subjects;
  private final RawData raw;
  private final Consumer<String> progress;
  private final BooleanSupplier interrupted;
  private final JavaCommand java;
  private final Path log;
  private final Map<String, Double> rates = new HashMap<>();
  private @Nullable Child client;
  private int runs;
  private int failures;

  /**
   * @param raw gets each run as soon as it has ended
   * @param progress is told of each run
   * @param interrupted whether to end before the next run
   */
  Comparison(ComparePlan plan, RawData raw, Consumer<String> progress, BooleanSupplier interrupted)
      throws IOException {
    this.plan = plan;
    this.subjects = Subject.withTwin(plan.allocators());
    this.raw = raw;
    this.progress = progress;
    this.interrupted = interrupted;
    this.java = new JavaCommand(plan.jvmOptions());
    this.log = plan.directory().resolve("processes.log");
    Files.deleteIfExists(log);
  }

  void execute() throws IOException, InterruptedException {
    findRates();
    List<RunOrder.Step> steps = RunOrder.of(plan.scenarios(), subjects, plan.rounds());
    for (int i = 0; i < steps.size() && !interrupted.getAsBoolean(); i++) {
      RunOrder.Step step = steps.get(i);
      String scenario = step.scenario().name();
      double rate = Objects.requireNonNull(rates.get(scenario), scenario);
      Optional<Ended<RunResult>> ended = attempt(step, run -> run.execute(runs++, rate));
      if (ended.isPresent()) {
        RunResult result = ended.get().result().with(ended.get().account());
        raw.add(result);
        progress.accept(line(step, result, i + 1, steps.size()));
      }
    }
  }

  private void findRates() throws IOException, InterruptedException {
    for (Scenario scenario : plan.scenarios()) {
      Double given = plan.ratePerSecond();
      double rate = given == null ? pilot(scenario) : given;
      if (interrupted.getAsBoolean()) {
        return;
      }
      rates.put(scenario.name(), rate);
      progress.accept(scenario.name() + ": the common rate is " + Unit.RATE.print(rate));
    }
  }

  /**
   * The least of the rates that the allocators hold; 0 if interrupted before the first is known.
   */
  private double pilot(Scenario scenario) throws IOException, InterruptedException {
    List<Double> held = new ArrayList<>();
    for (Subject subject : subjects) {
      if (!subject.twin() && !interrupted.getAsBoolean()) {
        RunOrder.Step step = new RunOrder.Step(0, scenario, subject);
        Optional<Ended<Double>> ended = attempt(step, Run::pilot);
        if (ended.isPresent()) {
          held.add(ended.get().result());
          addFaults(step, ended.get().account());
        }
      }
    }
    if (held.isEmpty() && !interrupted.getAsBoolean()) {
      throw new IOException(scenario.name() + ": no allocator could be run in the pilot");
    }
    return held.stream().mapToDouble(Double::doubleValue).min().orElse(0);
  }

  /** A pilot has no result in the raw data, but what must not be is there. */
  private void addFaults(RunOrder.Step step, Account account) throws IOException {
    if (!account.faults().isEmpty()) {
      add(step, String.join(", ", account.faults()), account);
    }
  }

  private void add(RunOrder.Step step, String words, @Nullable Account account) throws IOException {
    RunFailure failure =
        new RunFailure(
            words, step.scenario().name(), step.subject().label(), step.round(), account);
    raw.add(failure);
    progress.accept(step.scenario().name() + ": " + failure.sentence());
  }

  /** What came of a run, and how it ended. */
  private record Ended<T>(T result, Account account) {}

  private interface Execution<T> {
    T of(Run run) throws IOException, InterruptedException;
  }

  /** Nothing if it failed. */
  private <T> Optional<Ended<T>> attempt(RunOrder.Step step, Execution<T> execution)
      throws IOException, InterruptedException {
    try {
      Ended<T> ended = execute(step, execution);
      failures = 0;
      return Optional.of(ended);
    } catch (IOException e) {
      failed(step, e);
      return Optional.empty();
    }
  }

  private <T> Ended<T> execute(RunOrder.Step step, Execution<T> execution)
      throws IOException, InterruptedException {
    List<String> command = java.server(ServedJob.of(step.scenario(), step.subject()));
    try (Child server = new Child("server", Cores.pinned(plan.cores().server(), command), log)) {
      Run run = new Run(step, plan, client(), server);
      T result = execution.of(run);
      return new Ended<>(result, run.end());
    }
  }

  private Child client() throws IOException {
    if (client == null) {
      client = new Child("client", Cores.pinned(plan.cores().client(), java.client()), log);
    }
    return client;
  }

  /** The load's process may be in the midst of the run that failed: the next one gets another. */
  private void failed(RunOrder.Step step, IOException failure)
      throws IOException, InterruptedException {
    close();
    if (isInterruptedSoon()) {
      return;
    }
    String words = String.valueOf(failure.getMessage());
    add(step, words, null);
    if (++failures == MOST_FAILURES) {
      throw new IOException(failures + " runs in a row have failed, the last: " + words, failure);
    }
  }

  /** A signal from a terminal ends the processes too, perhaps before this one hears of it. */
  private boolean isInterruptedSoon() throws InterruptedException {
    for (int i = 0; i < 10 && !interrupted.getAsBoolean(); i++) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
    return interrupted.getAsBoolean();
  }

  private static String line(RunOrder.Step step, RunResult result, int done, int all) {
    return Figures.format(
        "%d of %d: round %d, %s, %s: %s a request, %s flat out, %s resident%s",
        done,
        all,
        step.round(),
        step.scenario().name(),
        step.subject().label(),
        Unit.CPU.print(result.flatOut().javaCpuNanos()),
        Unit.RATE.print(result.flatOut().perSecond()),
        Unit.BYTES.print((double) result.peakResidentBytes()),
        errors(result) + (result.isFaulty() ? ", faulty" : ""));
  }

  private static String errors(RunResult result) {
    RunResult.Phase atRate = result.atRate();
    long errors = result.flatOut().errorCount() + (atRate == null ? 0 : atRate.errorCount());
    return errors == 0 ? "" : ", " + Figures.count(errors, "error", "errors");
  }

  /** Ends the load's process. */
  @Override
  public void close() {
    if (client != null) {
      client.close();
      client = null;
    }
  }
}
