package dev.tidepool.echo.compare;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The HTML page: one file, with its data, styles and scripts within. */
final class HtmlPage {
  /** The version in the WebJar's path, that of the parent pom. */
  private static final String CHART_JS = "4.5.1";

  private static final String OWN = "/dev/tidepool/echo/compare/page/";
  private static final String CHARTS =
      "/META-INF/resources/webjars/chart.js/" + CHART_JS + "/dist/chart.umd.js";

  private HtmlPage() {}

  static void write(PageModel model, Path file) throws IOException {
    Files.writeString(file, html(model));
  }

  static String html(PageModel model) throws IOException {
    return resource(OWN + "page.html")
        .replace("/*{style}*/", resource(OWN + "page.css"))
        .replace("/*{charts}*/", script(CHARTS))
        .replace("/*{format}*/", script(OWN + "dom.js"))
        .replace("/*{plots}*/", script(OWN + "plots.js"))
        .replace("/*{page}*/", script(OWN + "page.js"))
        .replace("{\"data\":0}", data(model));
  }

  /** A script within the page must not contain the end of its own element. */
  private static String script(String name) throws IOException {
    String script = resource(name);
    if (script.contains("</script")) {
      throw new IOException(name + " contains '</script', which would end it within a page");
    }
    int map = script.indexOf("//# sourceMappingURL="); // of a file that is not within the page
    return map < 0 ? script : script.substring(0, map);
  }

  private static String data(PageModel model) {
    return Json.line(model).replace("<", "\\u003c");
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = HtmlPage.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException(name + " is not on the class path, expected the page's part there");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
