package dev.tidepool.echo.compare;

import org.jspecify.annotations.Nullable;

/**
 * A run that failed, or one of the pilot that was faulty. One line of the raw data.
 *
 * @param failure what happened
 * @param round 0: in the pilot
 * @param account of its end; null if it did not get there
 */
public record RunFailure(
    String failure,
    String scenario,
    String subject,
    int round,
    RunResult.@Nullable Account account) {

  boolean isFaulty() {
    return account != null && !account.faults().isEmpty();
  }

  /** In one sentence, without a full stop. */
  String sentence() {
    return "A run with %s in %s %s: %s"
        .formatted(
            subject,
            round == 0 ? "the pilot" : "round " + round,
            account == null ? "failed" : "was faulty",
            failure);
  }
}
