package dev.tidepool.echo.compare;

import dev.tidepool.echo.compare.PageModel.Cell;
import dev.tidepool.echo.compare.PageModel.ContrastView;
import dev.tidepool.echo.compare.PageModel.MemoryView;
import dev.tidepool.echo.compare.PageModel.Ratio;
import dev.tidepool.echo.compare.PageModel.ScenarioView;
import dev.tidepool.echo.compare.RunResult.MemorySample;
import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries.CategorySeriesRenderStyle;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The pictures of the Markdown page, as PNG files in one directory. */
final class Pictures {
  private static final int WIDTH = 820;
  private static final int HEIGHT = 380;
  private static final double NANOS_PER_MICRO = 1e3;
  private static final double MEBIBYTE = 1 << 20;
  private static final double MILLIS_PER_SECOND = 1e3;

  /** Told apart by those who do not see all colours, too. */
  private static final List<Color> COLOURS =
      List.of(
          new Color(0x0072b2),
          new Color(0x56b4e9),
          new Color(0xd55e00),
          new Color(0xe69f00),
          new Color(0x888888),
          new Color(0x009e73),
          new Color(0xcc79a7));

  private static final BasicStroke SOLID = new BasicStroke(2);
  private static final BasicStroke DASHED =
      new BasicStroke(1.5f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {5, 4}, 0);

  private final PageModel model;
  private final Path directory;

  Pictures(PageModel model, Path directory) {
    this.model = model;
    this.directory = directory;
  }

  /**
   * Draws a picture for nobody, while the JVM is not shutting down: AWT and the PNG writer register
   * shutdown hooks when they are first used, and pages are written after a signal, too. Where there
   * can be no pictures, whoever draws the first one finds out.
   */
  static void prepare() {
    try {
      XYChart chart = chart("", "", "");
      chart.addSeries("none", new double[] {0, 1}, new double[] {0, 1});
      BitmapEncoder.saveBitmap(chart, OutputStream.nullOutputStream(), BitmapFormat.PNG);
    } catch (LinkageError | InternalError | RuntimeException | IOException e) {
      return;
    }
  }

  /** The ratios of CPU a request, of all scenarios that have one; the file's name. */
  @Nullable String ratios() throws IOException {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title("CPU a request, as a ratio to the best peer's: less is better")
            .build();
    dress(chart.getStyler());
    chart.getStyler().setDefaultSeriesRenderStyle(CategorySeriesRenderStyle.Scatter);
    chart.getStyler().setXAxisLabelRotation(30).setMarkerSize(9);
    List<ScenarioView> scenarios = model.scenarios().stream().filter(this::hasRatio).toList();
    if (!scenarios.isEmpty()) {
      model.subjects().stream()
          .filter(Subject::isOurs)
          .forEach(subject -> addRatios(chart, scenarios, subject));
    }
    return save(chart, "cpu-ratios.png");
  }

  private boolean hasRatio(ScenarioView scenario) {
    return model.subjects().stream().anyMatch(subject -> cpuRatio(scenario, subject) != null);
  }

  /** Nothing is drawn where there is NaN. */
  private void addRatios(CategoryChart chart, List<ScenarioView> scenarios, Subject subject) {
    List<Double> values = new ArrayList<>();
    List<Double> errors = new ArrayList<>();
    for (ScenarioView scenario : scenarios) {
      Ratio ratio = cpuRatio(scenario, subject);
      values.add(ratio == null ? Double.NaN : ratio.value());
      errors.add(ratio == null ? Double.NaN : halfInterval(ratio));
    }
    Color colour = colour(model.subjects().indexOf(subject));
    chart
        .addSeries(
            subject.label(), scenarios.stream().map(ScenarioView::name).toList(), values, errors)
        .setMarker(SeriesMarkers.CIRCLE)
        .setMarkerColor(colour)
        .setLineColor(colour);
  }

  private static @Nullable Ratio cpuRatio(ScenarioView scenario, Subject subject) {
    return scenario.contrasts().stream()
        .filter(each -> each.metric().equals(Metric.CPU.name()))
        .filter(each -> each.subject().equals(subject.label()))
        .map(ContrastView::ratio)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  private static double halfInterval(Ratio ratio) {
    return ratio.low() == null || ratio.high() == null ? 0 : (ratio.high() - ratio.low()) / 2;
  }

  /** A dot for every run: CPU a request in microseconds; the file's name. */
  @Nullable String dots(ScenarioView scenario) throws IOException {
    XYChart chart = chart("CPU a request of every run", "µs", "");
    chart.getStyler().setDefaultSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
    chart.getStyler().setYAxisTicksVisible(false).setMarkerSize(8);
    List<Cell> cells = scenario.cells().getOrDefault(Metric.CPU.name(), List.of());
    forEachSubject(
        (index, subject) -> {
          double[] x =
              cells.get(index).values().stream().mapToDouble(v -> v / NANOS_PER_MICRO).toArray();
          double[] y = new double[x.length];
          Arrays.setAll(y, i -> -index + (i % 5 - 2) * 0.08);
          add(chart, subject, index, x, y, SeriesMarkers.CIRCLE);
        });
    return save(chart, scenario.name() + "-cpu.png");
  }

  /** Latency over percentiles; the file's name. */
  @Nullable String spectrum(ScenarioView scenario) throws IOException {
    XYChart chart =
        chart(
            "Latency at the common rate, from the intended time",
            "one request in so many is slower",
            "µs");
    chart.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(true);
    double[] beyond =
        model.percentiles().stream().mapToDouble(each -> 1 / (1 - each / 100)).toArray();
    forEachSubject(
        (index, subject) -> {
          double[] micros =
              scenario.spectra().get(index).stream()
                  .mapToDouble(nanos -> Math.max(1, nanos / NANOS_PER_MICRO))
                  .toArray();
          double[] x = micros.length == 0 ? micros : beyond;
          add(chart, subject, index, x, micros, SeriesMarkers.NONE);
        });
    return save(chart, scenario.name() + "-latency.png");
  }

  /** Resident memory over time; the file's name. */
  @Nullable String memory(ScenarioView scenario) throws IOException {
    XYChart chart = chart("Resident memory over time", phases(scenario), "MiB");
    forEachSubject(
        (index, subject) -> {
          List<MemorySample> samples = scenario.memory().get(index).samples();
          double[] x = values(samples, sample -> sample.millis() / MILLIS_PER_SECOND);
          double[] y = values(samples, sample -> sample.residentBytes() / MEBIBYTE);
          add(chart, subject, index, x, y, SeriesMarkers.NONE);
        });
    return save(chart, scenario.name() + "-memory.png");
  }

  private static double[] values(
      List<MemorySample> samples, ToDoubleFunction<MemorySample> figure) {
    return samples.stream().mapToDouble(figure).toArray();
  }

  /** Each phase's begin in words, since it is not to be seen from the lines. */
  private static String phases(ScenarioView scenario) {
    return scenario.memory().stream()
        .map(MemoryView::phases)
        .filter(phases -> !phases.isEmpty())
        .findFirst()
        .map(
            phases ->
                "seconds; "
                    + String.join(
                        ", ",
                        phases.stream()
                            .map(
                                phase ->
                                    "%s from %.1f"
                                        .formatted(
                                            phase.name(), phase.fromMillis() / MILLIS_PER_SECOND))
                            .toList()))
        .orElse("seconds");
  }

  // What all have in common

  private interface SubjectAction {
    void accept(int index, Subject subject);
  }

  private void forEachSubject(SubjectAction action) {
    IntStream.range(0, model.subjects().size())
        .forEach(index -> action.accept(index, model.subjects().get(index)));
  }

  private static XYChart chart(String title, String x, String y) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle(x)
            .yAxisTitle(y)
            .build();
    dress(chart.getStyler());
    return chart;
  }

  private static void dress(AxesChartStyler styler) {
    styler
        .setPlotGridLinesColor(new Color(0xdddddd))
        .setPlotBorderVisible(false)
        .setChartBackgroundColor(Color.WHITE)
        .setPlotBackgroundColor(Color.WHITE)
        .setLegendPosition(LegendPosition.OutsideE)
        .setLegendBorderColor(Color.WHITE);
  }

  private void add(
      XYChart chart, Subject subject, int index, double[] x, double[] y, Marker marker) {
    if (x.length == 0) {
      return;
    }
    XYSeries series = chart.addSeries(subject.label(), x, y);
    series.setMarker(marker).setMarkerColor(colour(index)).setLineColor(colour(index));
    series.setLineStyle(subject.twin() ? DASHED : SOLID);
  }

  /** The twin of the first subject has that one's colour. */
  private Color colour(int index) {
    return model.subjects().get(index).twin()
        ? COLOURS.get(0)
        : COLOURS.get(index % COLOURS.size());
  }

  /** Null if there is nothing to draw, for that no run has such a figure. */
  private @Nullable String save(Chart<?, ?> chart, String name) throws IOException {
    if (chart.getSeriesMap().isEmpty()) {
      return null;
    }
    BitmapEncoder.saveBitmap(chart, directory.resolve(name).toString(), BitmapFormat.PNG);
    return name;
  }
}
