package dev.tidepool.echo.load.result;

import dev.tidepool.echo.figures.Json;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The forms in which a result is printed: the values of {@code --output}. */
public enum ResultFormat {
  TEXT(ReportText::lines),
  JSON(report -> List.of(Json.text(report))),
  CSV(ReportCsv::lines);

  private final Function<LoadReport, List<String>> lines;

  ResultFormat(Function<LoadReport, List<String>> lines) {
    this.lines = lines;
  }

  /** The result in this form, without line ends. */
  public List<String> lines(LoadReport report) {
    return lines.apply(report);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
