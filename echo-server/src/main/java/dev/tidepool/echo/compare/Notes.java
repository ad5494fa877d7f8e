package dev.tidepool.echo.compare;

import dev.tidepool.echo.compare.RunResult.Phase;
import dev.tidepool.echo.figures.Figures;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What a reader of a scenario's figures has to know, found in its runs. */
final class Notes {
  private static final double BUSY = 0.9;
  private static final double HELD = 0.97;

  private final List<RunResult> runs;
  private final List<String> notes = new ArrayList<>();

  private Notes(List<RunResult> runs) {
    this.runs = runs;
  }

  static List<String> of(List<RunResult> runs, List<RunFailure> failures) {
    Notes notes = new Notes(runs);
    failures.forEach(
        failure ->
            notes.notes.add(
                "A run with %s in round %d failed: %s"
                    .formatted(failure.subject(), failure.round(), failure.failure())));
    notes.addBusyClient();
    notes.addMissedRate();
    notes.addErrors();
    notes.addLeaks();
    return List.copyOf(notes.notes);
  }

  private void addBusyClient() {
    long busy = runs.stream().filter(run -> run.flatOut().clientBusy() > BUSY).count();
    if (2 * busy > runs.size()) {
      notes.add(
          "Flat out the client was as busy as the server in "
              + part(busy)
              + ": throughput is the client's as much as the server's, CPU a request is not");
    }
  }

  private void addMissedRate() {
    long missed = atRate().filter(Notes::missed).count();
    if (missed > 0) {
      notes.add(
          "The common rate was not held in "
              + part(missed)
              + ": their latencies are those"
              + " of a queue that grows");
    }
  }

  private static boolean missed(Phase phase) {
    Double rate = phase.ratePerSecond();
    return rate != null && phase.perSecond() < HELD * rate;
  }

  private void addErrors() {
    Map<String, Long> errors = new TreeMap<>();
    phases()
        .forEach(phase -> phase.errors().forEach((cause, n) -> errors.merge(cause, n, Long::sum)));
    if (!errors.isEmpty()) {
      notes.add("Errors by cause: " + errors);
    }
    long wrong = phases().mapToLong(Phase::mismatchedBytes).sum();
    if (wrong > 0) {
      notes.add(Figures.count(wrong, "byte", "bytes") + " of answers were wrong");
    }
  }

  private void addLeaks() {
    long leaks = runs.stream().mapToLong(RunResult::leaks).sum();
    if (leaks > 0) {
      notes.add(Figures.count(leaks, "buffer", "buffers") + " leaked");
    }
  }

  private Stream<Phase> phases() {
    return Stream.concat(runs.stream().map(RunResult::flatOut), atRate());
  }

  private Stream<Phase> atRate() {
    return runs.stream().map(RunResult::atRate).filter(Objects::nonNull);
  }

  private String part(long some) {
    return Figures.format("%d of %s", some, Figures.count(runs.size(), "run", "runs"));
  }
}
