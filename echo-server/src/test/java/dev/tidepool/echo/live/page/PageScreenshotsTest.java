package dev.tidepool.echo.live.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Pictures of the page, in {@code target/screenshots}; the README's where the property {@code
 * page.screenshots} says. With {@code page.warmUp} the server has served for that time before, so
 * that there is something to see.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@ExtendWith(BrowserExtension.class)
class PageScreenshotsTest {
  private static final Duration WARM_UP = Duration.parse(System.getProperty("page.warmUp", "PT0S"));
  private static final Path TARGET = Path.of("target", "screenshots");
  private static final Path DOCS =
      Path.of(System.getProperty("page.screenshots", TARGET.toString()));

  /** An empty page is smaller. */
  private static final long SMALLEST_FILE = 50 << 10;

  private static final long LARGEST_FILE = 300 << 10;
  private static final long LARGEST_MOVIE = 3 << 20;

  private static final Duration OF_AN_EVENT = Duration.ofMillis(500);
  private static final Duration AT_THE_END = Duration.ofSeconds(3);

  private WatchedServer server;

  @BeforeEach
  void start() throws IOException {
    server = new WatchedServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void thePageInLightAndDark(Browser browser) throws Exception {
    try (Tide tide = new Tide(server.address())) {
      for (Look look : List.of(Look.DESK, Look.DARK)) {
        try (OpenPage page = browser.open(server.url(), look)) {
          page.await("rows", () -> page.count("#connections-rows tr") == 10);
          page.await("bars", () -> page.has(".bar[aria-label^='1']"));
          Thread.sleep(WARM_UP.toMillis()); // no proof, only a longer past to show
          write(
              page,
              look.equals(Look.DARK) ? TARGET.resolve("dark.png") : DOCS.resolve("live-page.png"));
        }
      }
      assertThat(tide).isNotNull();
    }
  }

  @Test
  void theSlowMotion(Browser browser) throws Exception {
    try (CommandClient client = new CommandClient(server.address());
        OpenPage page = browser.open(server.url(), Look.STILL)) {
      record(client, page);
      while (!page.text("#motion-words").contains("is allocated: 800 B")) {
        page.click("#motion-back");
      }
      page.script("document.querySelector('#motion').scrollIntoView({ behavior: 'instant' })");
      write(page, TARGET.resolve("slow-motion.png"));
    }
  }

  @Test
  void theSlowMotionMoves(Browser browser) throws Exception {
    Path file = DOCS.resolve("slow-motion.gif");
    Files.createDirectories(file.getParent());
    try (CommandClient client = new CommandClient(server.address());
        OpenPage page = browser.open(server.url(), Look.SMALL);
        AnimatedGif gif = new AnimatedGif(file)) {
      record(client, page);
      int events = page.position();
      for (int position = events % 2; position < events; position += 2) { // all make a large file
        gif.add(frame(page, position), OF_AN_EVENT);
      }
      gif.add(frame(page, events), AT_THE_END);
    }
    assertThat(Files.size(file)).isBetween(SMALLEST_FILE, LARGEST_MOVIE);
  }

  /**
   * Two requests of a connection, of which the first leaves a straggler; then the end of the
   * slider.
   */
  private static void record(CommandClient client, OpenPage page) throws IOException {
    page.await("a row", () -> page.has("#connections-rows tr"));
    page.click("#connections-rows .watch-cell button");
    page.awaitText("#motion-state", "Recording");
    client.send("begin", "allocate 700", "allocate 1200", "release", "end");
    client.send("begin", "allocate 1500", "allocate 400", "allocate 600", "release last");
    client.send("allocate 5200", "allocate 1300", "allocate 900", "release last", "allocate 800");
    page.click("#motion-record");
    page.awaitText("#motion-state", "Recorded");
    page.scrub(Integer.parseInt(page.attribute("#motion-scrub", "max")));
  }

  /** The page below its head, after so many events. */
  private static BufferedImage frame(OpenPage page, int position) throws IOException {
    page.scrub(position);
    page.script("document.querySelector('#motion').scrollIntoView({ behavior: 'instant' })");
    page.promised("new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))");
    BufferedImage window = ImageIO.read(new ByteArrayInputStream(page.screenshot()));
    int top = page.find("header").getSize().getHeight();
    return window.getSubimage(0, top, window.getWidth(), window.getHeight() - top);
  }

  private static void write(OpenPage page, Path file) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, page.screenshot());
    assertThat(Files.size(file)).isBetween(SMALLEST_FILE, LARGEST_FILE);
  }
}
