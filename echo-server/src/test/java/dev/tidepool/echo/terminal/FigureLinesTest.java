package dev.tidepool.echo.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.echo.live.LiveSnapshot.Header;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class FigureLinesTest {
  private static final Header IDLE = new Header(0, 0, 0, 1 << 20, 0, 0, 0, 0, 0, 0, 0);

  private final StringWriter text = new StringWriter();
  private final FigureLines lines = new FigureLines(new PrintWriter(text), ZoneOffset.UTC, true);

  private List<String> shown() {
    return text.toString().lines().toList();
  }

  @Test
  void aLineHasEveryFigureBelowItsHeading() {
    lines.show(Samples.busy());
    assertThat(shown())
        .containsExactly(
            "time     conns  req/s resets/s resident upstream  leased    idle   live stragglers"
                + " refusals leaks",
            "12:00:00   10k    45k      45k     212M     8.0M    2.0M    6.0M   1.2k          7"
                + "        3     1");
  }

  @Test
  void theWidestFitsAHundredColumns() {
    long most = Long.MAX_VALUE;
    lines.show(
        Samples.with(
            new Header(
                Integer.MAX_VALUE, 1e15, 1e15, most, most, most, most, most, most, most, most),
            0));
    assertThat(shown()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
    assertThat(shown().get(1).split(" +")).hasSize(12);
  }

  @Test
  void anIdleServerIsSilentForTenMinutes() {
    for (int second = 0; second < 3_600; second += 10) {
      Header resident = new Header(0, 0, 0, second, 0, 0, 0, 0, 0, 0, 0);
      lines.show(Samples.with(resident, second * 1_000L));
    }
    assertThat(shown()).hasSize(7); // with the heading
    assertThat(shown().get(2)).startsWith("00:10:00");
  }

  @Test
  void everyChangeIsShownAtOnce() {
    lines.show(Samples.with(IDLE, 0));
    lines.show(Samples.with(new Header(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), 10_000));
    lines.show(Samples.with(new Header(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1), 20_000));
    lines.show(Samples.with(new Header(1, 0.5, 0, 0, 0, 0, 0, 0, 0, 0, 1), 30_000));
    lines.show(Samples.with(new Header(1, 0.5, 0, 0, 0, 0, 0, 0, 0, 0, 1), 40_000));
    lines.show(Samples.with(IDLE, 50_000));
    assertThat(shown()).hasSize(6);
  }

  @Test
  void aLineASecondLeavesNoneOut() {
    StringWriter every = new StringWriter();
    FigureLines often = new FigureLines(new PrintWriter(every), Duration.ofSeconds(1));
    for (int second = 0; second < 2 * FigureLines.PAGE; second++) {
      often.show(Samples.with(IDLE, second * 1_000L));
    }
    List<String> all = every.toString().lines().toList();
    assertThat(all).hasSize(2 * FigureLines.PAGE + 2);
    assertThat(all).filteredOn(line -> line.startsWith("time")).hasSize(2);
    assertThat(all.get(FigureLines.PAGE + 1)).startsWith("time");
  }
}
