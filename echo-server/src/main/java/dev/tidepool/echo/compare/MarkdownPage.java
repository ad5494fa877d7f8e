package dev.tidepool.echo.compare;

import dev.tidepool.echo.compare.PageModel.Cell;
import dev.tidepool.echo.compare.PageModel.ContrastView;
import dev.tidepool.echo.compare.PageModel.MetricView;
import dev.tidepool.echo.compare.PageModel.Ratio;
import dev.tidepool.echo.compare.PageModel.ScenarioView;
import dev.tidepool.echo.compare.PageModel.TargetView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The Markdown page, with its pictures in a directory beside it. */
final class MarkdownPage {
  private static final String PICTURES = "pictures";

  private static final String LEGEND =
      "In the tables of the scenarios each figure is a median with its 95 % interval. One in bold"
          + " differs significantly from the best peer's, and the word behind it says whether it is"
          + " better or worse than that.";

  private final PageModel model;
  private final Path directory;
  private final StringBuilder text = new StringBuilder();

  private MarkdownPage(PageModel model, Path directory) {
    this.model = model;
    this.directory = directory;
  }

  /**
   * Writes it.
   *
   * @param warning is told if there can be no pictures, for lack of fonts for example
   */
  static void write(PageModel model, Path directory, String name, Consumer<String> warning)
      throws IOException {
    MarkdownPage page = new MarkdownPage(model, directory);
    page.make(warning);
    Files.writeString(directory.resolve(name), page.text);
  }

  private void make(Consumer<String> warning) throws IOException {
    Path pictures = Files.createDirectories(directory.resolve(PICTURES));
    Drawing drawing = new Drawing(new Pictures(model, pictures), warning);
    paragraph("# Allocators compared");
    paragraph("<!-- Written by compare; do not edit. -->");
    model.headline().forEach(line -> paragraph(line + "."));
    model.leftOut().forEach(line -> paragraph("Left out: " + line + "."));
    drawing.add("Ratios of CPU a request", Pictures::ratios);
    targets();
    paragraph(LEGEND);
    for (ScenarioView scenario : model.scenarios()) {
      scenario(scenario, drawing);
    }
    noise();
    paragraph("## How it was measured");
    model.method().forEach(this::paragraph);
    environment();
  }

  /** A picture, by its file's name; null if there is nothing to draw. */
  private interface Picture {
    @Nullable String draw(Pictures pictures) throws IOException;
  }

  /** Adds pictures, until one cannot be drawn. */
  private final class Drawing {
    private final Pictures pictures;
    private final Consumer<String> warning;
    private boolean possible = true;

    Drawing(Pictures pictures, Consumer<String> warning) {
      this.pictures = pictures;
      this.warning = warning;
    }

    void add(String words, Picture picture) throws IOException {
      if (!possible) {
        return;
      }
      try {
        String file = picture.draw(pictures);
        if (file != null) {
          paragraph("![%s](%s/%s)".formatted(words, PICTURES, file));
        }
      } catch (LinkageError | InternalError | RuntimeException e) {
        possible = false; // Java has no fonts to draw with
        warning.accept("there are no pictures in the Markdown page: " + e);
      }
    }
  }

  private void targets() {
    paragraph("## Targets");
    List<List<String>> rows = new ArrayList<>();
    for (TargetView target : model.targets()) {
      Boolean met = target.met();
      rows.add(List.of(target.text(), met == null ? "–" : met ? "met" : "missed", target.found()));
    }
    table(List.of("target", "", "found"), rows);
  }

  private void scenario(ScenarioView scenario, Drawing drawing) throws IOException {
    paragraph("## " + scenario.title());
    paragraph(scenario.description());
    paragraph(scenario.facts() + " · common rate " + scenario.rate());
    scenario.notes().forEach(note -> paragraph("> " + note + "."));
    verdicts(scenario);
    List<String> head = new ArrayList<>(List.of(""));
    model.subjects().forEach(subject -> head.add(subject.label()));
    table(head, model.metrics().stream().map(metric -> row(scenario, metric)).toList());
    drawing.add("CPU a request of every run", pictures -> pictures.dots(scenario));
    drawing.add("Latency at each percentile", pictures -> pictures.spectrum(scenario));
    drawing.add("Resident memory over time", pictures -> pictures.memory(scenario));
  }

  private void verdicts(ScenarioView scenario) {
    scenario.contrasts().forEach(each -> text.append("- ").append(each.verdict()).append(".\n"));
    text.append('\n');
  }

  private List<String> row(ScenarioView scenario, MetricView metric) {
    List<String> row = new ArrayList<>(List.of(metric.title()));
    List<Cell> cells = scenario.cells().getOrDefault(metric.key(), List.of());
    for (int i = 0; i < cells.size(); i++) {
      row.add(cell(scenario, metric, cells.get(i), model.subjects().get(i)));
    }
    return row;
  }

  private static String cell(ScenarioView scenario, MetricView metric, Cell cell, Subject subject) {
    String value =
        scenario.contrasts().stream()
            .filter(ContrastView::significant)
            .filter(each -> each.metric().equals(metric.key()))
            .filter(each -> each.subject().equals(subject.label()))
            .findFirst()
            .map(each -> "**" + cell.text() + "** " + (each.better() ? "better" : "worse"))
            .orElse(cell.text());
    return cell.interval().isEmpty() ? value : value + " (" + cell.interval() + ")";
  }

  private void noise() {
    paragraph("## The noise floor");
    model.noise().forEach(line -> paragraph(line + "."));
    List<String> head = new ArrayList<>(List.of(""));
    model.metrics().forEach(metric -> head.add(metric.title()));
    table(head, model.scenarios().stream().map(this::noise).toList());
  }

  private List<String> noise(ScenarioView scenario) {
    Function<MetricView, String> words =
        metric -> {
          Ratio ratio = scenario.noise().get(metric.key());
          return ratio == null ? "–" : ratio.text() + " (" + ratio.interval() + ")";
        };
    return Stream.concat(Stream.of(scenario.name()), model.metrics().stream().map(words)).toList();
  }

  private void environment() {
    paragraph("## Where, and how to repeat it");
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("begun", model.started()));
    rows.add(List.of("runs", String.valueOf(model.runs())));
    model.environment().forEach((name, value) -> rows.add(List.of(name, value)));
    table(List.of("", ""), rows);
    paragraph("    " + model.command());
    model.commands().forEach(command -> paragraph("    " + command));
  }

  private void table(List<String> head, List<List<String>> rows) {
    line(head);
    line(head.stream().map(cell -> "---").toList());
    rows.forEach(this::line);
    text.append('\n');
  }

  private void line(List<String> cells) {
    text.append("| ");
    text.append(String.join(" | ", cells.stream().map(MarkdownPage::escaped).toList()));
    text.append(" |\n");
  }

  private static String escaped(String cell) {
    return cell.replace("|", "\\|");
  }

  private void paragraph(String words) {
    text.append(words).append("\n\n");
  }
}
