package dev.tidepool.echo.load.result;

import static dev.tidepool.echo.figures.Figures.count;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What was asked of several clients, as if of one: numbers are summed, words listed. */
final class MergedConfiguration {
  private final List<Configuration> all;

  private MergedConfiguration(List<Configuration> all) {
    this.all = all;
  }

  static Configuration of(List<Configuration> all) {
    return all.size() == 1 ? all.get(0) : new MergedConfiguration(all).merged();
  }

  private Configuration merged() {
    return new Configuration(
        words(Configuration::target),
        words(Configuration::protocol),
        all.stream().anyMatch(Configuration::tls),
        words(Configuration::transport),
        (int) sum(Configuration::connections),
        (int) sum(Configuration::threads),
        (int) largest(Configuration::pipeline),
        rate(),
        durationOrNull(),
        requestsOrNull(),
        largest(Configuration::warmupNanos),
        largest(Configuration::rampUpNanos),
        largest(Configuration::timeoutNanos),
        words(Configuration::sizes),
        all.get(0).seed(),
        others());
  }

  private String words(Function<Configuration, String> word) {
    return all.stream().map(word).distinct().collect(Collectors.joining(" and "));
  }

  private long sum(ToLongFunction<Configuration> figure) {
    return all.stream().mapToLong(figure).sum();
  }

  private long largest(ToLongFunction<Configuration> figure) {
    return all.stream().mapToLong(figure).max().orElse(0);
  }

  /** A schedule of some of them is none of all. */
  private @Nullable Double rate() {
    List<Double> rates = known(Configuration::ratePerSecond);
    return rates.size() == all.size()
        ? Double.valueOf(rates.stream().mapToDouble(Double::doubleValue).sum())
        : null;
  }

  private @Nullable Long durationOrNull() {
    return known(Configuration::durationNanos).stream().max(Long::compareTo).orElse(null);
  }

  private @Nullable Long requestsOrNull() {
    List<Long> requests = known(Configuration::requests);
    return requests.size() == all.size()
        ? Long.valueOf(requests.stream().mapToLong(Long::longValue).sum())
        : null;
  }

  private <T> List<T> known(Function<Configuration, @Nullable T> figure) {
    return all.stream().map(figure).filter(Objects::nonNull).toList();
  }

  private Map<String, String> others() {
    Map<String, String> others = new LinkedHashMap<>();
    others.put("clients", count(all.size()));
    others.put(
        "seeds",
        all.stream().map(each -> String.valueOf(each.seed())).collect(Collectors.joining(", ")));
    int scheduled = known(Configuration::ratePerSecond).size();
    if (scheduled > 0 && scheduled < all.size()) {
      others.put("schedule", scheduled + " of " + all.size() + " clients had one: it is left out");
    }
    return others;
  }
}
