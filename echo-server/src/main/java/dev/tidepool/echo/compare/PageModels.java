package dev.tidepool.echo.compare;

import dev.tidepool.echo.compare.PageModel.Cell;
import dev.tidepool.echo.compare.PageModel.ContrastView;
import dev.tidepool.echo.compare.PageModel.MemoryView;
import dev.tidepool.echo.compare.PageModel.MetricView;
import dev.tidepool.echo.compare.PageModel.Ratio;
import dev.tidepool.echo.compare.PageModel.ScenarioView;
import dev.tidepool.echo.compare.PageModel.TargetView;
import dev.tidepool.echo.figures.Figures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes what pages show of raw data. */
final class PageModels {
  /** What is behind a figure's last digit. */
  private static final Pattern UNIT = Pattern.compile(".*\\d(\\D*)");

  private final Setup setup;
  private final List<RunResult> runs;
  private final List<RunFailure> failures;
  private final Analysis analysis;
  private final Optional<String> fault;

  PageModels(RawData.Contents contents) {
    this.setup = contents.setup();
    this.runs = List.copyOf(contents.runs());
    this.failures = List.copyOf(contents.failures());
    this.fault = Verification.fault(contents);
    this.analysis = new Analysis(setup.scenarios(), setup.subjects(), runs);
  }

  PageModel model() {
    return new PageModel(
        setup.started(),
        runs.size(),
        runs.stream().mapToInt(RunResult::round).max().orElse(0),
        headline(),
        setup.subjects(),
        Arrays.stream(Metric.values()).map(MetricView::of).toList(),
        setup.scenarios().stream().map(this::scenario).toList(),
        Spectrum.PERCENTILES,
        new NoiseWords(setup.subjects(), analysis.twins()).sentences(),
        Target.of(analysis).stream()
            .map(target -> new TargetView(target.text(), target.met(), target.found()))
            .toList(),
        setup.leftOut(),
        setup.environment(),
        setup.command(),
        setup.commands(),
        Method.paragraphs(
            analysis.contrasts().stream().mapToInt(each -> each.size().family()).max().orElse(0)));
  }

  // The whole

  private List<String> headline() {
    Stream<String> verdicts =
        setup.subjects().stream().filter(Subject::isOurs).map(subject -> headline(subject.label()));
    return Stream.concat(fault.stream(), verdicts).toList();
  }

  private String headline(String subject) {
    List<Contrast> cpu =
        analysis.contrasts().stream()
            .filter(each -> each.metric() == Metric.CPU && each.subject().equals(subject))
            .toList();
    long better = cpu.stream().filter(Contrast::isSignificantlyBetter).count();
    long worse = cpu.stream().filter(Contrast::isSignificantlyWorse).count();
    return cpu.isEmpty()
        ? subject + " has no peer to be compared with"
        : Figures.format(
            "CPU a request: %s is significantly better than the best peer in %d of %s, worse in %d,"
                + " and not significantly different in %d",
            subject,
            better,
            Figures.count(cpu.size(), "scenario", "scenarios"),
            worse,
            cpu.size() - better - worse);
  }

  // A scenario

  private ScenarioView scenario(String name) {
    Scenario scenario = Scenarios.of(name);
    Map<String, List<Cell>> cells = new LinkedHashMap<>();
    Map<String, Ratio> noise = new LinkedHashMap<>();
    for (Metric metric : Metric.values()) {
      cells.put(
          metric.name(),
          setup.subjects().stream().map(subject -> cell(name, metric, subject)).toList());
    }
    analysis.twins().stream()
        .filter(twin -> twin.scenario().equals(name) && twin.ratio().isKnown())
        .forEach(twin -> noise.put(twin.metric().name(), ratio(twin.ratio())));
    return new ScenarioView(
        name,
        scenario.title(),
        scenario.description(),
        scenario.facts(),
        rate(name),
        notes(name),
        cells,
        contrasts(name),
        noise,
        setup.subjects().stream().map(subject -> analysis.spectrum(name, subject)).toList(),
        setup.subjects().stream().map(subject -> memory(name, subject)).toList());
  }

  private List<String> notes(String scenario) {
    return Notes.of(
        runs.stream().filter(run -> run.scenario().equals(scenario)).toList(),
        failures.stream().filter(failure -> failure.scenario().equals(scenario)).toList());
  }

  private String rate(String scenario) {
    return runs.stream()
        .filter(run -> run.scenario().equals(scenario))
        .map(RunResult::atRate)
        .filter(Objects::nonNull)
        .map(RunResult.Phase::ratePerSecond)
        .filter(Objects::nonNull)
        .findFirst()
        .map(Unit.RATE::print)
        .orElse("none");
  }

  private Cell cell(String scenario, Metric metric, Subject subject) {
    List<RunResult> known = analysis.runsWith(scenario, metric, subject);
    List<Integer> rounds = known.stream().map(RunResult::round).toList();
    List<Double> all = known.stream().map(metric::of).toList();
    List<String> texts = all.stream().map(metric.unit()::print).toList();
    if (known.isEmpty()) {
      return new Cell(all, rounds, null, "–", "", texts);
    }
    Estimate estimate = Statistics.ofMedian(Statistics.values(known, metric::of));
    return new Cell(
        all,
        rounds,
        estimate.value(),
        metric.unit().print(estimate.value()),
        interval(metric.unit().print(estimate.low()), metric.unit().print(estimate.high())),
        texts);
  }

  /** From one figure to another, with the unit once if both have the same. */
  private static String interval(String low, String high) {
    String unit = UNIT.matcher(high).replaceFirst("$1");
    return (low.endsWith(unit) ? low.substring(0, low.length() - unit.length()) : low) + "–" + high;
  }

  private List<ContrastView> contrasts(String scenario) {
    return analysis.contrasts().stream()
        .filter(contrast -> contrast.scenario().equals(scenario))
        .map(PageModels::view)
        .toList();
  }

  private static ContrastView view(Contrast contrast) {
    return new ContrastView(
        contrast.metric().name(),
        contrast.subject(),
        contrast.peer(),
        contrast.ratio().isKnown() ? ratio(contrast.ratio()) : null,
        contrast.text(),
        contrast.probability(),
        contrast.verdict(),
        contrast.isSignificant(),
        contrast.isSignificantlyBetter());
  }

  private static Ratio ratio(Estimate estimate) {
    return new Ratio(
        estimate.value(),
        finite(estimate.low()),
        finite(estimate.high()),
        Figures.format("%.2f ×", estimate.value()),
        estimate.intervalWords());
  }

  private static @Nullable Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }

  /** Of the round whose peak is the median one, so that it is typical. */
  private MemoryView memory(String scenario, Subject subject) {
    List<RunResult> byPeak = new ArrayList<>(analysis.runs(scenario, subject));
    byPeak.sort((one, other) -> Long.compare(one.peakResidentBytes(), other.peakResidentBytes()));
    return byPeak.isEmpty()
        ? new MemoryView(List.of(), List.of())
        : memory(byPeak.get(byPeak.size() / 2));
  }

  private static MemoryView memory(RunResult run) {
    return new MemoryView(run.memory(), run.phases());
  }
}
