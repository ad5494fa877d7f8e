package dev.tidepool.echo.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.echo.live.page.Browser;
import dev.tidepool.echo.live.page.BrowserExtension;
import dev.tidepool.echo.live.page.Look;
import dev.tidepool.echo.live.page.OpenPage;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The HTML page of a comparison in a browser, from a file; each fails if the console was used. */
@ExtendWith(BrowserExtension.class)
class ComparisonPageTest {
  private static final List<String> SCENARIOS = List.of("framed", Scenarios.HTTP_BUFFERS);

  /** The elements that reach beyond the window, but for those in a table's own scroll bar. */
  private static final String WIDER =
      """
      return [...document.querySelectorAll('body *')]
        .filter((each) => !each.closest('.scroll') || each.matches('.scroll'))
        .filter((each) => each.getBoundingClientRect().right > innerWidth + 1)
        .map((each) => `${each.tagName} ${each.className} ${each.textContent.slice(0, 40)}`)
        .join('; ');
      """;

  private static String url = "";

  @BeforeAll
  static void write(@TempDir Path directory) throws Exception {
    MadeRuns.write(directory, SCENARIOS, 10);
    Compare.writePages(directory, line -> {});
    url = directory.resolve("comparison.html").toUri().toString();
  }

  @Test
  void itShowsFiguresVerdictsAndCharts(Browser browser) {
    try (OpenPage page = browser.open(url, Look.DESK)) {
      assertThat(page.texts("#scenarios h2"))
          .containsExactly("Small framed echo", "HTTP/1.1, pipelined, ten buffers a request");
      assertThat(page.text("#headline")).contains("connection is significantly better");
      assertThat(page.count("#framed tbody tr")).isEqualTo(Metric.values().length);
      assertThat(page.count("#framed td.better")).isGreaterThan(5);
      assertThat(page.count("#framed svg circle")).isEqualTo(10 * MadeRuns.SUBJECTS.size());
      assertThat(page.count("#forest circle")).isEqualTo(2 * SCENARIOS.size());
      assertThat(page.text("#commands")).contains("</script>");
      page.await("the charts are drawn", () -> drawn(page) == 2L * SCENARIOS.size());
    }
  }

  /** The charts with a line; the first that is not drawn yet is scrolled to, for it to be. */
  private static long drawn(OpenPage page) {
    return (Long)
        page.script(
            """
            const chart = (canvas) => Chart.getChart(canvas);
            const canvases = [...document.querySelectorAll('canvas')];
            canvases.find((canvas) => !chart(canvas))?.scrollIntoView({ behavior: 'instant' });
            return canvases.filter((canvas) => chart(canvas)?.getDatasetMeta(0).data.length > 0).length;
            """);
  }

  @Test
  void anotherMetricIsShown(Browser browser) {
    try (OpenPage page = browser.open(url, Look.DESK)) {
      page.choose("#glance-metric", "THROUGHPUT");
      assertThat(page.text("#glance-side")).isEqualTo("less, which is worse");
      assertThat(page.text("#forest")).contains("×");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void axeFindsNothing(boolean dark, Browser browser) {
    try (OpenPage page = browser.open(url, dark ? Look.DARK : Look.DESK)) {
      assertThat(page.violations()).isEmpty();
    }
  }

  @Test
  void onAPhoneOnlyTablesAreWider(Browser browser) {
    try (OpenPage page = browser.open(url, Look.PHONE)) {
      assertThat(page.script(WIDER)).asString().isEmpty();
      assertThat(page.script("return document.documentElement.scrollWidth"))
          .isEqualTo((long) Look.PHONE.width());
    }
  }
}
