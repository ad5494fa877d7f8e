package dev.tidepool.echo.load.result;

import dev.tidepool.echo.figures.Json;
import java.util.List;
import java.util.Locale;

/** The forms in which a result is printed: the values of {@code --output}. */
public enum ResultFormat {
  TEXT,
  JSON,
  CSV;

  /** The result in this form, without line ends. */
  public List<String> lines(LoadReport report) {
    return switch (this) {
      case TEXT -> ReportText.lines(report);
      case JSON -> List.of(Json.text(report));
      case CSV -> ReportCsv.lines(report);
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
