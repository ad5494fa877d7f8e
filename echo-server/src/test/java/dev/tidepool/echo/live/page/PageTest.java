package dev.tidepool.echo.live.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.Keys;

/** The page in a browser, of a server that does to its memory what the test says. */
@ExtendWith(BrowserExtension.class)
class PageTest {
  private static final String ROWS = "#connections-rows tr";
  private static final String NAMES = ROWS + " .name";
  private static final int KIB = 1024;

  private WatchedServer server;
  private Browser browser;

  @BeforeEach
  void start(Browser theBrowser) throws IOException {
    browser = theBrowser;
    server = new WatchedServer();
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  private CommandClient connect() throws IOException {
    return new CommandClient(server.address());
  }

  @Test
  void aConnectionAppearsWhenAClientConnectsAndGoesWhenItLeaves() throws Exception {
    try (OpenPage page = browser.open(server.url())) {
      page.awaitText("[data-key=connections] .figure", "0");
      assertThat(page.has(ROWS)).isFalse();
      assertThat(page.text("#connections-empty")).isEqualTo("No connection is open.");

      try (CommandClient client = connect()) {
        page.awaitText(NAMES, client.name());
        page.awaitText("[data-key=connections] .figure", "1");
        assertThat(page.text(ROWS + " .state")).isEqualTo("open");
        assertThat(page.text(ROWS + " [data-figure=protocol]")).isEqualTo(CommandProtocol.NAME);
      }
      page.await("the row goes", () -> !page.has(ROWS));
      page.awaitText("[data-key=connections] .figure", "0");
    }
  }

  @Test
  void itsBarMovesAndEmptiesAtAReset() throws Exception {
    try (CommandClient client = connect();
        OpenPage page = browser.open(server.url())) {
      client.send("begin", "allocate 4096", "allocate 10000");
      page.await("the bar shows what is alive", () -> share(page, "--alive-end") > 0);
      page.await("the bar is described", () -> bar(page).startsWith("13.8 KiB alive"));
      assertThat(share(page, "--held-end")).isGreaterThanOrEqualTo(share(page, "--alive-end"));

      client.send("release", "release", "end");
      page.await("the bar is empty", () -> share(page, "--held-end") == 0);
      page.await("the bar is described", () -> bar(page).startsWith("0 B alive"));
      assertThat(share(page, "--peak")).as("the high-water mark stays").isPositive();
    }
  }

  private static double share(OpenPage page, String mark) {
    Object value =
        page.script(
            "return document.querySelector('.bar')?.style.getPropertyValue(arguments[0]) ?? ''",
            mark);
    String text = String.valueOf(value);
    return text.isEmpty() ? 0 : Double.parseDouble(text.replace("%", ""));
  }

  private static String bar(OpenPage page) {
    return page.attribute(".bar", "aria-label");
  }

  @Test
  void connectionsAreSortedByAnyColumnAndSearched() throws Exception {
    try (CommandClient small = connect();
        CommandClient large = connect();
        CommandClient idle = connect();
        OpenPage page = browser.open(server.url())) {
      small.send("begin", "allocate 100");
      large.send("begin", "allocate 100000");
      List<String> heaviestFirst = List.of(large.name(), small.name(), idle.name());
      page.await("heaviest first", () -> page.texts(NAMES).equals(heaviestFirst));
      assertThat(page.attribute("[data-column=heldBytes]", "aria-sort")).isEqualTo("descending");

      page.click("[data-column=heldBytes] button");
      assertThat(page.attribute("[data-column=heldBytes]", "aria-sort")).isEqualTo("ascending");
      assertThat(page.texts(NAMES)).containsExactly(idle.name(), small.name(), large.name());

      page.click("[data-column=name] button");
      assertThat(page.attribute("[data-column=heldBytes]", "aria-sort")).isEqualTo("none");
      assertThat(page.texts(NAMES)).isSorted();

      page.find("#connections-search").sendKeys(large.name());
      assertThat(page.texts(NAMES)).containsExactly(large.name());
      page.find("#connections-search").sendKeys("and no such");
      assertThat(page.texts(NAMES)).isEmpty();
      assertThat(page.text("#connections-empty")).startsWith("No connection matches");
    }
  }

  @Test
  void aConnectionThatLeaksIsMarkedAndItsReportCanBeRead() throws Exception {
    try (OpenPage page = browser.open(server.url())) {
      try (CommandClient client = connect()) {
        client.send("begin", "allocate " + KIB, "end");
        page.awaitText(ROWS + " .state", "open");
      }
      page.awaitText(ROWS + " .state", "leaking");
      page.awaitText("[data-key=leaks] .figure", "1");
      page.await("the report comes", () -> page.has("#leaks-list details"));
      page.click("#leaks-list summary");
      assertThat(page.text("#leaks-list summary")).startsWith("1 KiB of request 1");
      assertThat(page.text("#leaks-list pre"))
          .contains("a buffer of 1024 bytes from request 1", "CommandProtocol");

      server.releaseAll();
      page.await("the row goes", () -> !page.has(ROWS));
    }
  }

  @Test
  void chartsFillAndEachHasATableBehindIt() throws Exception {
    try (CommandClient client = connect();
        OpenPage page = browser.open(server.url())) {
      client.send("begin", "allocate 5000", "release", "end");
      for (String chart : List.of("memory", "requests", "latency")) {
        String figure = "[data-chart=" + chart + "]";
        page.await(
            chart + " has points",
            () -> Integer.parseInt(page.attribute(figure, "data-points")) >= 3);
        assertThat(page.attribute(figure + " canvas", "aria-label")).contains("at most");
        assertThat(drawn(page, figure + " canvas")).as("pixels drawn of " + chart).isPositive();
        page.click(figure + " > button");
        page.await(
            chart + " has a table",
            () -> page.text(figure + " tbody th").matches("\\d\\d:\\d\\d:\\d\\d"));
      }
      page.await(
          "the table", () -> page.text("[data-chart=memory] tbody tr").matches("(?s).*[MG]iB.*"));
    }
  }

  /** The pixels of a canvas that are not transparent. */
  private static long drawn(OpenPage page, String canvas) {
    return (Long)
        page.script(
            "const { width, height } = arguments[0];"
                + "const { data } = arguments[0].getContext('2d').getImageData(0, 0, width, height);"
                + "return data.filter((value, i) => i % 4 === 3 && value > 0).length",
            page.find(canvas));
  }

  @Test
  void itIsDarkWhereTheSystemIs() {
    try (OpenPage page = browser.open(server.url(), Look.DARK)) {
      assertThat(background(page)).isEqualTo("rgb(7, 22, 28)");
    }
    try (OpenPage page = browser.open(server.url())) {
      assertThat(background(page)).isEqualTo("rgb(242, 247, 247)");
    }
  }

  private static String background(OpenPage page) {
    return String.valueOf(page.script("return getComputedStyle(document.body).backgroundColor"));
  }

  @Test
  void aPhoneScrollsInOneDirection() throws Exception {
    try (CommandClient client = connect();
        OpenPage page = browser.open(server.url(), Look.PHONE)) {
      client.send("begin", "allocate 5000");
      page.await("a row", () -> page.has(ROWS));
      page.click(ROWS + " .watch-cell button");
      page.await("a block", () -> page.has("#motion-blocks .block"));
      assertThat(page.script("return document.documentElement.scrollWidth")).isEqualTo(360L);
    }
  }

  @Test
  void everythingIsReachedByKeyboard() throws Exception {
    try (CommandClient client = connect();
        OpenPage page = browser.open(server.url())) {
      client.send("begin", "allocate 500", "allocate 600");
      page.await("a row", () -> page.has(ROWS));
      page.type(Keys.TAB);
      assertThat(page.text(":focus")).isEqualTo("Skip to the figures");
      page.type(Keys.ENTER);
      assertThat(page.has("main:focus")).isTrue();

      page.tabTo("[data-column=requests] button");
      page.type(Keys.ENTER);
      assertThat(page.attribute("[data-column=requests]", "aria-sort")).isEqualTo("descending");

      page.tabTo(ROWS + " .watch-cell button");
      page.type(Keys.ENTER);
      assertThat(page.has("#motion-title:focus")).isTrue();
      page.await("two buffers", () -> page.count("#motion-blocks .buffer") == 2);
      page.tabTo("#motion-blocks .strip");
      page.type(Keys.ARROW_RIGHT);
      assertThat(page.text("#motion-facts")).contains("600 bytes");
      page.type(Keys.HOME);
      assertThat(page.text("#motion-facts")).contains("500 bytes");

      page.tabTo("[data-chart=latency] > button");
      page.tabTo("footer a");
    }
  }

  @Test
  void axeFindsNothing() throws Exception {
    for (Look look : List.of(Look.DESK, Look.DARK, Look.PHONE)) {
      try (CommandClient client = connect();
          OpenPage page = browser.open(server.url(), look)) {
        client.send("begin", "allocate 5000", "allocate 6000", "release");
        page.await("its row alone", () -> page.texts(NAMES).equals(List.of(client.name())));
        page.click(ROWS + " .watch-cell button");
        page.await("a block", () -> page.has("#motion-blocks .block"));
        page.click("[data-chart=memory] > button");
        page.click("#freeze");
        assertThat(page.violations()).as("violations, %s", look).isEmpty();
        server.releaseAll();
      }
    }
  }

  @Test
  void aLostStreamIsSaidAndTheFiguresStay() throws Exception {
    try (CommandClient client = connect();
        OpenPage page = browser.open(server.url())) {
      page.awaitText(NAMES, client.name());
      server.closePage();
      page.awaitText("#stream-text", "Stream lost");
      assertThat(page.text("#lost")).contains("The server does not send", "Trying again");
      assertThat(page.texts(NAMES)).containsExactly(client.name());

      server.openPage();
      page.awaitText("#stream-text", "Live");
      assertThat(page.text("#lost")).isEmpty();
      assertThat(page.console()).allMatch(line -> line.contains("ERR_"));
    }
  }
}
