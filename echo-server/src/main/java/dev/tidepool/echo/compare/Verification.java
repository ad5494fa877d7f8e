package dev.tidepool.echo.compare;

import dev.tidepool.echo.figures.Figures;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether in a comparison all answers were right, and all memory went back. */
final class Verification {
  private Verification() {}

  /** What was not so, in one sentence without a full stop; empty if all was. */
  static Optional<String> fault(RawData.Contents contents) {
    List<String> faulty =
        Stream.concat(
                contents.runs().stream()
                    .filter(RunResult::isFaulty)
                    .map(run -> run.subject() + " in " + run.scenario()),
                contents.failures().stream()
                    .filter(RunFailure::isFaulty)
                    .map(failure -> failure.subject() + " in " + failure.scenario()))
            .toList();
    return faulty.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Figures.format(
                "Answers were wrong or memory was lost in %s (%s): the notes there say which",
                Figures.count(faulty.size(), "run", "runs"),
                String.join(", ", faulty.stream().distinct().toList())));
  }
}
