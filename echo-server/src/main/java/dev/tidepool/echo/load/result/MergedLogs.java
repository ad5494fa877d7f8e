package dev.tidepool.echo.load.result;

import dev.tidepool.echo.load.ErrorCause;
import dev.tidepool.echo.load.LoadResult;
import dev.tidepool.echo.load.LoadResult.ClientSide;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToLongFunction;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * The logs of several clients as the result of one load: counts are summed, latencies merged, and
 * the time is that of the client which ran longest, so that machines' clocks need not agree.
 */
public final class MergedLogs {
  /** The logs of one client. */
  private record Client(HdrLog actual, @Nullable HdrLog intended) {
    LoadResult result() {
      HdrLog schedule = intended;
      return actual
          .metadata()
          .result(actual.latencies(), schedule == null ? null : schedule.latencies());
    }
  }

  private final List<Client> clients;
  private final List<LoadResult> results;

  private MergedLogs(List<Client> clients) {
    this.clients = clients;
    this.results = clients.stream().map(Client::result).toList();
  }

  /**
   * Reads and merges logs.
   *
   * @throws IOException if a file is no log of a load, is of the same latencies as another, or has
   *     the latencies from the schedule while those from the send are not among the files
   */
  public static LoadReport report(List<String> files, List<Threshold> thresholds)
      throws IOException {
    List<HdrLog> logs = new ArrayList<>();
    for (String file : files) {
      logs.add(HdrLog.read(file));
    }
    MergedLogs merged = new MergedLogs(clients(logs));
    return LoadReport.of(merged.result(), merged.configuration(), null, thresholds, files);
  }

  private static List<Client> clients(List<HdrLog> logs) throws IOException {
    Map<String, HdrLog> actual = byRun(logs, HdrLogs.ACTUAL);
    Map<String, HdrLog> intended = byRun(logs, HdrLogs.INTENDED);
    for (HdrLog log : intended.values()) {
      if (!actual.containsKey(log.metadata().run())) {
        throw new IOException(
            log.file() + " is without the other log of its load, expected that too");
      }
    }
    return actual.values().stream()
        .map(log -> new Client(log, intended.get(log.metadata().run())))
        .toList();
  }

  private static Map<String, HdrLog> byRun(Collection<HdrLog> logs, String tag) throws IOException {
    Map<String, HdrLog> found = new LinkedHashMap<>();
    for (HdrLog log : logs) {
      if (log.tag().equals(tag)) {
        HdrLog other = found.putIfAbsent(log.metadata().run(), log);
        if (other != null) {
          throw new IOException(
              log.file() + " has the same latencies as " + other.file() + ", expected each once");
        }
      }
    }
    return found;
  }

  // The result

  private LoadResult result() {
    return new LoadResult(
        results.stream().map(LoadResult::started).min(Instant::compareTo).orElseThrow(),
        longest(),
        scheduled(),
        sum(LoadResult::sent),
        sum(LoadResult::answered),
        sum(LoadResult::failed),
        sum(LoadResult::bytesVerified),
        sum(LoadResult::bytesUnverified),
        sum(LoadResult::bytesMismatched),
        merged(results.stream().map(LoadResult::latencies).toList()),
        mergedIntended(),
        errors(),
        client(),
        results.stream().anyMatch(LoadResult::interrupted),
        results.stream().anyMatch(LoadResult::gaveUp),
        null);
  }

  private Duration longest() {
    return results.stream().map(LoadResult::elapsed).max(Comparator.naturalOrder()).orElseThrow();
  }

  /** What the clients' schedules had, each in its own time; of a part of them it is none of all. */
  private @Nullable Long scheduled() {
    List<Long> known =
        results.stream().map(LoadResult::scheduled).filter(Objects::nonNull).toList();
    return known.size() == results.size()
        ? Long.valueOf(known.stream().mapToLong(Long::longValue).sum())
        : null;
  }

  private long sum(ToLongFunction<LoadResult> figure) {
    return results.stream().mapToLong(figure).sum();
  }

  private static Histogram merged(List<Histogram> histograms) {
    Histogram sum = new Histogram(3);
    histograms.forEach(sum::add);
    return sum;
  }

  /** Of all clients or of none: a part would be taken for the whole. */
  private @Nullable Histogram mergedIntended() {
    List<Histogram> histograms =
        results.stream().map(LoadResult::intendedLatencies).filter(Objects::nonNull).toList();
    return histograms.size() == results.size() ? merged(histograms) : null;
  }

  private Map<ErrorCause, Long> errors() {
    Map<ErrorCause, Long> sum = new EnumMap<>(ErrorCause.class);
    results.forEach(
        result -> result.errors().forEach((cause, count) -> sum.merge(cause, count, Long::sum)));
    return sum;
  }

  private ClientSide client() {
    return new ClientSide(
        sum(each -> each.client().cpuNanos()),
        busiest(ClientSide::cpuNanosPerProcessor),
        (int) sum(each -> each.client().loops()),
        busiest(ClientSide::busiestLoopNanos),
        results.stream().mapToLong(each -> each.client().latestSendNanos()).max().orElse(0),
        sum(each -> each.client().residentBytes()));
  }

  /** Of the client with the largest share of its own time, as if it had run as long as any. */
  private long busiest(ToLongFunction<ClientSide> nanos) {
    double share =
        results.stream()
            .mapToDouble(
                each ->
                    (double) nanos.applyAsLong(each.client())
                        / Math.max(1, each.elapsed().toNanos()))
            .max()
            .orElse(0);
    return Math.round(share * longest().toNanos());
  }

  // What was asked for

  private Configuration configuration() {
    return MergedConfiguration.of(
        clients.stream().map(client -> client.actual().metadata().configuration()).toList());
  }
}
