package dev.tidepool.echo.compare;

import dev.tidepool.echo.compare.RunResult.Account;
import dev.tidepool.echo.compare.RunResult.Phase;
import dev.tidepool.echo.figures.Figures;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a reader of a scenario's figures has to know, found in its runs. */
final class Notes {
  private static final double BUSY = 0.9;
  private static final double SATURATED = 0.85;
  private static final double HELD = 0.97;

  private final List<RunResult> runs;
  private final List<String> notes = new ArrayList<>();

  private Notes(List<RunResult> runs) {
    this.runs = runs;
  }

  static List<String> of(List<RunResult> runs, List<RunFailure> failures) {
    Notes notes = new Notes(runs);
    failures.forEach(failure -> notes.notes.add(failure.sentence()));
    notes.addBusyClient();
    notes.addIdleServer();
    notes.addCold();
    notes.addLateClient();
    notes.addMissedRate();
    notes.addErrors();
    notes.addLeaks();
    notes.addAccounts();
    return List.copyOf(notes.notes);
  }

  /** Of the subjects for which it was so in most runs. */
  private void addBusyClient() {
    parts(run -> run.flatOut().clientBusy() > BUSY, (some, all) -> 2 * some > all)
        .ifPresent(
            parts ->
                notes.add(
                    "Flat out the client was as busy as the server in "
                        + parts
                        + ": throughput is the client's as much as the server's"));
  }

  /** A loop that waits answers smaller batches, each of which costs a system call. */
  private void addIdleServer() {
    parts(run -> run.flatOut().serverBusy() < SATURATED, (some, all) -> 2 * some > all)
        .ifPresent(
            parts ->
                notes.add(
                    "Flat out the server's event loop was not busy all the time in "
                        + parts
                        + ": the CPU a request is that of smaller batches"));
  }

  private void addCold() {
    parts(run -> phases(run).anyMatch(phase -> !phase.warm()))
        .ifPresent(
            parts -> notes.add("The server's compiler was still busy when measured, in " + parts));
  }

  /** The client's own lateness counts as latency from the intended time. */
  private void addLateClient() {
    parts(run -> run.atRate() != null && isLate(run.atRate()), (some, all) -> 2 * some > all)
        .ifPresent(
            parts ->
                notes.add(
                    "The client sent late by more than half of the p99.9, in "
                        + parts
                        + ": the tail of the latencies is its own as much as the server's"));
  }

  private static boolean isLate(Phase phase) {
    return 2 * phase.latestSendNanos() > phase.latency().p999();
  }

  private void addMissedRate() {
    parts(run -> run.atRate() != null && missed(run.atRate()))
        .ifPresent(
            parts ->
                notes.add(
                    "The common rate was not held in "
                        + parts
                        + ": their latencies are those of a queue that grows"));
  }

  private static boolean missed(Phase phase) {
    Double rate = phase.ratePerSecond();
    return rate != null && phase.perSecond() < HELD * rate;
  }

  private void addErrors() {
    Map<String, Long> errors = new TreeMap<>();
    runs.stream()
        .flatMap(Notes::phases)
        .forEach(phase -> phase.errors().forEach((cause, n) -> errors.merge(cause, n, Long::sum)));
    parts(run -> phases(run).anyMatch(phase -> !phase.errors().isEmpty()))
        .ifPresent(parts -> notes.add("Errors by cause: " + errors + ", in " + parts));
    long wrong = runs.stream().mapToLong(Notes::wrongBytes).sum();
    parts(run -> wrongBytes(run) > 0)
        .ifPresent(
            parts ->
                notes.add(
                    Figures.count(wrong, "byte", "bytes") + " of answers were wrong, in " + parts));
  }

  private static long wrongBytes(RunResult run) {
    return phases(run).mapToLong(Phase::mismatchedBytes).sum();
  }

  private void addLeaks() {
    long leaks = runs.stream().mapToLong(RunResult::leaks).sum();
    parts(run -> run.leaks() > 0)
        .ifPresent(
            parts -> notes.add(Figures.count(leaks, "buffer", "buffers") + " leaked, in " + parts));
  }

  private void addAccounts() {
    parts(run -> run.account() != null && !run.account().kept())
        .ifPresent(parts -> notes.add("Not all of the server's memory went back, in " + parts));
    long wrong = sum(Account::wrongAnswers);
    parts(run -> of(run, Account::wrongAnswers) > 0)
        .ifPresent(
            parts ->
                notes.add(
                    Figures.count(wrong, "answer was wrong", "answers were wrong")
                        + ", warm-ups included, in "
                        + parts));
    long errors = sum(Account::serverErrors);
    parts(run -> of(run, Account::serverErrors) > 0)
        .ifPresent(
            parts ->
                notes.add(
                    "The server counted "
                        + Figures.count(errors, "error", "errors")
                        + ", in "
                        + parts));
  }

  private long sum(ToLongFunction<Account> count) {
    return runs.stream().mapToLong(run -> of(run, count)).sum();
  }

  private static long of(RunResult run, ToLongFunction<Account> count) {
    Account account = run.account();
    return account == null ? 0 : count.applyAsLong(account);
  }

  private static Stream<Phase> phases(RunResult run) {
    return Stream.of(run.flatOut(), run.atRate()).filter(Objects::nonNull);
  }

  private Optional<String> parts(Predicate<RunResult> which) {
    return parts(which, (some, all) -> some > 0);
  }

  /** Whether so many of all runs are worth a note. */
  private interface Enough {
    boolean test(long some, long all);
  }

  /** How many of whose runs it is true of, for the subjects where that is enough; none if none. */
  private Optional<String> parts(Predicate<RunResult> which, Enough enough) {
    List<String> parts = new ArrayList<>();
    bySubject()
        .forEach(
            (subject, all) -> {
              long some = all.stream().filter(which).count();
              if (enough.test(some, all.size())) {
                String noun = parts.isEmpty() ? (all.size() == 1 ? " run" : " runs") : "";
                parts.add(Figures.format("%d of %d%s of %s", some, all.size(), noun, subject));
              }
            });
    return parts.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", parts));
  }

  /** In the order of their first runs. */
  private Map<String, List<RunResult>> bySubject() {
    return runs.stream()
        .collect(
            Collectors.groupingBy(RunResult::subject, LinkedHashMap::new, Collectors.toList()));
  }
}
