package dev.tidepool.echo.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.ConnectionOrder;
import dev.tidepool.echo.live.LiveSnapshot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/** The documentation's picture of the screen is what the screen looks like. */
class TuiPictureTest {
  private static final Path PICTURE = Path.of("docs", "tui.svg");
  private static final int WIDTH = 112;
  private static final int ROWS = 30;

  @Test
  void thePictureIsOfThisScreen() throws Exception {
    LiveSnapshot sample = Samples.busy();
    View view = new View(sample, ConnectionOrder.HEAVIEST, sample.connections(), "");
    String drawn =
        SvgScreen.of(Page.lines(view, new Look(true, true), ZoneOffset.UTC, WIDTH, ROWS), WIDTH);
    Path made = Files.createDirectories(Path.of("target")).resolve("tui.svg");
    Files.writeString(made, drawn);
    assertThat(drawn)
        .as("%s; if it is meant to change, copy %s", PICTURE, made)
        .isEqualTo(Files.readString(PICTURE));
  }
}
