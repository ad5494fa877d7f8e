package dev.tidepool.allocator;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The page on observing, the Grafana dashboard and the alert rules, against what Prometheus scrapes
 * from the binder: each names the meters that there are.
 */
class ObservingTest {
  private static final Path PAGE = Path.of("docs", "observing.md");
  private static final Path DASHBOARD = Path.of("docs", "grafana", "tidepool.json");
  private static final Path ALERTS = Path.of("docs", "grafana", "alerts.yml");

  private static final Pattern METRIC = Pattern.compile("\\btidepool_\\w+");
  private static final Pattern SAMPLE = Pattern.compile("(?m)^(tidepool_\\w+)");

  @RegisterExtension
  private final UpstreamGuard guard =
      UpstreamGuard.of(ArenaByteBufAllocator.builder().trimInterval(Duration.ZERO));

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  @BeforeEach
  void bind() {
    new ArenaMeterBinder(guard.allocator(), 1, List.of()).bindTo(registry);
  }

  @AfterEach
  void close() {
    registry.close();
  }

  private Set<String> scraped() {
    return matches(SAMPLE, registry.scrape());
  }

  private static Set<String> matches(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .collect(toCollection(TreeSet::new));
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file);
  }

  // The page

  @Test
  void thePageHasEachMeterInItsTable() throws IOException {
    List<String> rows =
        Files.readAllLines(PAGE).stream().filter(line -> line.startsWith("| `tidepool.")).toList();
    assertThat(rows).containsExactlyElementsOf(expectedRows());
  }

  private Set<String> expectedRows() {
    Set<String> rows = new TreeSet<>();
    for (Meter meter : registry.getMeters()) {
      rows.add(row(meter.getId()));
    }
    return rows;
  }

  private String row(Meter.Id id) {
    return "| `%s` | `%s` | %s | %s | %s | %s |"
        .formatted(
            id.getName(),
            inPrometheus(id),
            id.getType() == Meter.Type.COUNTER ? "counter" : "gauge",
            id.getBaseUnit() == null ? "–" : id.getBaseUnit(),
            String.join(", ", id.getTags().stream().map(Tag::getKey).toList()),
            id.getDescription());
  }

  private String inPrometheus(Meter.Id id) {
    String name =
        registry.config().namingConvention().name(id.getName(), id.getType(), id.getBaseUnit());
    String whole = id.getType() == Meter.Type.COUNTER ? withTotal(name) : name;
    assertThat(scraped()).contains(whole);
    return whole;
  }

  private static String withTotal(String name) {
    return name.endsWith("_total") ? name : name + "_total";
  }

  @Test
  void thePageNamesNoOtherMetric() throws IOException {
    assertThat(scraped()).containsAll(matches(METRIC, read(PAGE)));
  }

  // The dashboard

  @Test
  void theDashboardAsksForMetricsThatThereAre() throws IOException {
    Set<String> asked = new TreeSet<>();
    for (Map<?, ?> panel : panels()) {
      for (String expression : strings(panel, "expr")) {
        Set<String> metrics = matches(METRIC, expression);
        assertThat(metrics).as(expression).isNotEmpty();
        asked.addAll(metrics);
      }
    }
    assertThat(scraped()).containsAll(asked);
    assertThat(asked).as("the dashboard shows all that there is").containsAll(scraped());
  }

  @Test
  void eachPanelOfTheDashboardIsExplained() throws IOException {
    List<Map<?, ?>> panels = panels();
    assertThat(panels).hasSizeGreaterThan(10);
    assertThat(panels).extracting(panel -> panel.get("id")).doesNotHaveDuplicates();
    assertThat(panels)
        .filteredOn(panel -> !"row".equals(panel.get("type")))
        .allSatisfy(
            panel -> {
              assertThat((String) panel.get("title")).isNotBlank();
              assertThat((String) panel.get("description")).hasSizeGreaterThan(40).endsWith(".");
              assertThat(strings(panel, "unit")).hasSize(1);
            });
  }

  private static List<Map<?, ?>> panels() throws IOException {
    Map<String, Object> dashboard = JSON.std.mapFrom(read(DASHBOARD));
    List<Map<?, ?>> panels = new ArrayList<>();
    for (Object panel : (List<?>) dashboard.get("panels")) {
      panels.add((Map<?, ?>) panel);
    }
    return panels;
  }

  /** The strings of {@code key} anywhere below {@code node}. */
  private static List<String> strings(Object node, String key) {
    return below(node)
        .filter(Map.class::isInstance)
        .map(each -> ((Map<?, ?>) each).get(key))
        .filter(String.class::isInstance)
        .map(String.class::cast)
        .toList();
  }

  private static Stream<Object> below(Object node) {
    Stream<Object> children = Stream.empty();
    if (node instanceof Map<?, ?> map) {
      children = map.values().stream().flatMap(ObservingTest::below);
    } else if (node instanceof List<?> list) {
      children = list.stream().flatMap(ObservingTest::below);
    }
    return Stream.concat(Stream.of(node), children);
  }

  // The alert rules

  @Test
  void theAlertRulesAreWholeAndAskForMetricsThatThereAre() throws IOException {
    Object rules = new Yaml(new SafeConstructor(new LoaderOptions())).load(read(ALERTS));
    List<Map<?, ?>> alerts =
        below(rules)
            .filter(Map.class::isInstance)
            .<Map<?, ?>>map(each -> (Map<?, ?>) each)
            .filter(each -> each.containsKey("alert"))
            .toList();
    assertThat(alerts).hasSizeGreaterThan(4);
    for (Map<?, ?> alert : alerts) {
      Set<String> metrics = matches(METRIC, (String) alert.get("expr"));
      assertThat(metrics).as("%s", alert.get("alert")).isNotEmpty();
      assertThat(scraped()).containsAll(metrics);
      assertThat(strings(alert, "severity")).hasSize(1);
      assertThat(strings(alert, "summary")).hasSize(1);
      assertThat(strings(alert, "description")).hasSize(1);
    }
    assertThat(alerts)
        .extracting(alert -> (String) alert.get("expr"))
        .anyMatch(expression -> expression.contains("tidepool_leaks_total"))
        .anyMatch(expression -> expression.contains("tidepool_refusals_total"))
        .anyMatch(expression -> expression.contains("tidepool_straggling_buffers"));
  }
}
