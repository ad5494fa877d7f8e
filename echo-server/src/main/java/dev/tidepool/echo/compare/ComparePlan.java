package dev.tidepool.echo.compare;

import dev.tidepool.echo.server.AllocatorChoice;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a comparison is to do.
 *
 * @param allocators at least one
 * @param scenarios that can be run on this machine
 * @param rounds of all scenarios with all allocators
 * @param ratePerSecond the common rate of all scenarios; null: what all allocators hold in a pilot
 *     with time to spare, for each scenario
 * @param warmup before the first measurement, at most: it ends when the compiler is quiet
 * @param duration of each of the two measurements
 * @param settle the silence after the load, where connections stay open
 * @param cores that processes are pinned to
 * @param jvmOptions of the servers
 * @param seed of the first round's payloads and sizes
 * @param directory for the raw data and the pages
 */
public record ComparePlan(
    List<AllocatorChoice> allocators,
    List<Scenario> scenarios,
    int rounds,
    @Nullable Double ratePerSecond,
    Duration warmup,
    Duration duration,
    Duration settle,
    Cores cores,
    List<String> jvmOptions,
    long seed,
    Path directory) {
  /** What a run takes beside its phases: the start of a process, its end, connecting. */
  private static final Duration PROCESS = Duration.ofMillis(1400);

  /** What a server takes to be warm, where it may. */
  private static final Duration WARM = Duration.ofSeconds(7);

  /** How long it takes, the pilot included, by experience. */
  public Duration expected() {
    Duration warm = warmup.compareTo(WARM) < 0 ? warmup : WARM;
    Duration pilot = PROCESS.plus(warm).plus(duration);
    Duration pilots = pilot.multipliedBy(ratePerSecond == null ? allocators.size() : 0);
    long runs = (long) rounds * (allocators.size() + 1);
    return scenarios.stream()
        .map(scenario -> scenario.staysConnected() ? settle : Duration.ZERO)
        .map(silence -> pilots.plus(pilot.plus(duration).plus(silence).multipliedBy(runs)))
        .reduce(Duration.ZERO, Duration::plus);
  }

  ComparePlan withScenarios(List<Scenario> possible) {
    return new ComparePlan(
        allocators,
        possible,
        rounds,
        ratePerSecond,
        warmup,
        duration,
        settle,
        cores,
        jvmOptions,
        seed,
        directory);
  }

  long warmupMillis() {
    return warmup.toMillis();
  }

  long durationMillis() {
    return duration.toMillis();
  }

  long settleMillis() {
    return settle.toMillis();
  }
}
