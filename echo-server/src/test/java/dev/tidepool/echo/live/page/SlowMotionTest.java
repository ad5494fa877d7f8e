package dev.tidepool.echo.live.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** One connection's recording, played in a browser. */
@ExtendWith(BrowserExtension.class)
class SlowMotionTest {
  private static final String WATCH = "#connections-rows .watch-cell button";
  private static final String WORDS = "#motion-words";
  private static final String CURRENT = "#motion-blocks .buffer.current";

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

  /** A page that has recorded a request with a buffer of 5,000 bytes, and shows the beginning. */
  private OpenPage recorded(CommandClient client) throws IOException {
    OpenPage page = browser.open(server.url(), Look.STILL);
    page.await("the connection", () -> page.has(WATCH));
    page.click(WATCH);
    page.awaitText("#motion-state", "Recording");
    client.send("begin", "allocate 5000", "release", "end");
    page.await("the reset", () -> kinds(page).contains("RESET"));
    return page;
  }

  /** The kinds of the events that the server has recorded, once the page has them too. */
  private static List<String> kinds(OpenPage page) {
    Object kinds =
        page.promised(
            "(await (await fetch(`/api/arenas/${document.querySelector('#connections-rows tr')"
                + ".dataset.id}/recording`)).json()).events.map((event) => event.kind)");
    List<String> names = ((List<?>) kinds).stream().map(String::valueOf).toList();
    page.awaitAttribute("#motion-scrub", "max", String.valueOf(names.size()));
    return names;
  }

  @Test
  void itStepsThroughTheLifeOfABuffer() throws Exception {
    try (CommandClient client = new CommandClient(server.address());
        OpenPage page = recorded(client)) {
      assertThat(page.text(WORDS)).endsWith("Play, or step through them.");

      stepTo(page, "is allocated: 4.9 KiB at offset");
      assertThat(page.attribute(CURRENT, "data-state")).isEqualTo("alive");
      assertThat(page.attribute(CURRENT, "aria-label")).contains("5,000 bytes at");
      assertThat(page.text("#motion-facts")).contains("5,000 bytes", "echo-server");
      assertThat(page.text("#motion-events [aria-current]")).contains("allocate 4.9 KiB");
      assertThat(share(page, "width")).isCloseTo(5000.0 / blockBytes(page), within(0.001));
      String buffer = ".buffer[data-buffer='" + page.attribute(CURRENT, "data-buffer") + "']";

      stepTo(page, "Buffer " + page.attribute(CURRENT, "data-buffer") + " is released");
      assertThat(page.attribute(buffer, "data-state")).isEqualTo("released");

      page.click("#motion-back");
      assertThat(page.attribute(buffer, "data-state")).isEqualTo("alive");
      page.click("#motion-forward");
      assertThat(page.attribute(buffer, "data-state")).isEqualTo("released");

      stepTo(page, "the arena resets");
      assertThat(page.has("#motion-blocks [data-state=released]")).isFalse();
      assertThat(page.has(buffer)).isFalse();
    }
  }

  /** A side of the current buffer's picture, as a share of its block's. */
  private static double share(OpenPage page, String side) {
    return ((Number)
            page.script(
                "const box = (node) => node.getBoundingClientRect()[arguments[1]];"
                    + "return box(arguments[0]) / box(arguments[0].parentNode)",
                page.find(CURRENT),
                side))
        .doubleValue();
  }

  private static int blockBytes(OpenPage page) {
    String size = page.text("#motion-blocks .block.current .block-size");
    return 1024 * Integer.parseInt(size.substring(0, size.indexOf(' ')));
  }

  private static void stepTo(OpenPage page, String words) {
    while (!page.text(WORDS).contains(words)) {
      assertThat(page.find("#motion-forward").isEnabled()).as("a step to: " + words).isTrue();
      page.click("#motion-forward");
    }
  }

  @Test
  void itPlaysPausesAndGoesAnywhere() throws Exception {
    try (CommandClient client = new CommandClient(server.address());
        OpenPage page = recorded(client)) {
      page.click("#motion-record");
      page.awaitText("#motion-state", "Recorded");
      int events = Integer.parseInt(page.attribute("#motion-scrub", "max"));
      page.choose("#motion-speed", "1");
      page.click("#motion-play");
      assertThat(page.attribute("#motion-play", "aria-label")).isEqualTo("Pause");
      page.choose("#motion-speed", "60");
      page.await("the end", () -> page.position() == events);
      page.awaitAttribute("#motion-play", "aria-label", "Play");
      assertThat(page.find("#motion-forward").isEnabled()).isFalse();

      page.scrub(1);
      assertThat(page.text(WORDS)).contains("At ");
      assertThat(page.attribute("#motion-scrub", "aria-valuetext"))
          .startsWith("1 of " + events + " events");

      page.choose("#motion-speed", "1");
      page.click("#motion-play");
      page.await("an event", () -> page.position() > 1);
      page.click("#motion-play");
      assertThat(page.attribute("#motion-play", "aria-label")).isEqualTo("Play");
      assertThat(page.position()).isLessThan(events);
    }
  }

  @Test
  void whatOutlivesItsRequestIsAStraggler() throws Exception {
    try (CommandClient client = new CommandClient(server.address());
        OpenPage page = recorded(client)) {
      client.send("begin", "allocate 700", "end");
      page.await("the straggler", () -> kinds(page).contains("STRAGGLE"));
      page.scrub(kinds(page).lastIndexOf("STRAGGLE") + 1);
      assertThat(page.text(WORDS)).contains("has outlived its request: a straggler");
      assertThat(page.attribute(CURRENT, "data-state")).isEqualTo("straggling");
      page.awaitText("#survivors-text", "1 buffer outlived its request.");
      assertThat(page.text("#survivors")).contains("700 B direct", "CommandProtocol");
    }
  }

  /** Unless the reader asked for little motion, it plays by itself. */
  @Test
  void itPlaysByItself() throws Exception {
    try (CommandClient client = new CommandClient(server.address());
        OpenPage page = browser.open(server.url())) {
      page.await("the connection", () -> page.has(WATCH));
      page.click(WATCH);
      page.awaitText("#motion-state", "Recording");
      client.send("begin", "allocate 5000", "release", "end");
      page.await("it plays", () -> page.position() > 2);
      assertThat(page.attribute("#motion-play", "aria-label")).isEqualTo("Pause");
    }
  }
}
