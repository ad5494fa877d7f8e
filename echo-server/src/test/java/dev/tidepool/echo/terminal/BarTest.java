package dev.tidepool.echo.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.echo.terminal.Bar.Segment;
import dev.tidepool.echo.terminal.Look.Part;
import java.util.List;
import org.junit.jupiter.api.Test;

class BarTest {
  private static final Look ASCII = new Look(false, false);

  private static String bar(
      long alive, long released, long straggling, long free, long mark, long scale, int width) {
    List<Segment> segments =
        List.of(
            new Segment(Part.ALIVE, alive),
            new Segment(Part.RELEASED, released),
            new Segment(Part.STRAGGLING, straggling),
            new Segment(Part.FREE, free));
    return Bar.draw(ASCII, segments, mark, scale, width).toString();
  }

  @Test
  void isToScale() {
    assertThat(bar(40, 20, 10, 30, 100, 100, 10)).isEqualTo("####++!...");
    assertThat(bar(20, 10, 5, 15, 80, 100, 20)).isEqualTo("####++!...      |   ");
  }

  @Test
  void theLeastHasACell() {
    assertThat(bar(1, 1, 1, 1, 0, 1_000_000, 10)).isEqualTo("#+!.      ");
    assertThat(bar(1_000, 0, 1, 0, 0, 2_000, 10)).isEqualTo("#####!    ");
  }

  @Test
  void theMarkStandsWithinTheBar() {
    assertThat(bar(10, 0, 0, 0, 100, 100, 10)).isEqualTo("#        |");
    assertThat(bar(0, 0, 0, 0, 0, 100, 4)).isEqualTo("    ");
  }

  @Test
  void hasItsWidthWhateverItShows() {
    assertThat(bar(500, 500, 500, 500, 900, 100, 7)).hasSize(7);
    assertThat(bar(1, 2, 3, 4, 5, 0, 7)).hasSize(7);
    assertThat(bar(Long.MAX_VALUE / 8, 0, 0, 0, 0, Long.MAX_VALUE / 4, 8)).isEqualTo("####    ");
    assertThat(bar(1, 1, 1, 1, 1, 1, 0)).isEmpty();
  }

  @Test
  void blocksStandForTheSame() {
    List<Segment> segments = List.of(new Segment(Part.ALIVE, 2), new Segment(Part.FREE, 1));
    assertThat(Bar.draw(new Look(true, true), segments, 4, 4, 4).toString()).isEqualTo("██░▏");
  }
}
