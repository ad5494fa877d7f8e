package dev.tidepool.echo.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.echo.load.live.LoadMoment;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import org.jline.utils.AttributedString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoadBlockTest {
  private static final Look ASCII = new Look(false, false);

  static LoadMoment moment(double share, boolean warmingUp, boolean server) {
    return new LoadMoment(
        Duration.ofSeconds(12).toNanos(),
        share,
        warmingUp,
        20_000.0,
        19_800,
        64,
        810_000,
        2_100_000,
        9_300_000,
        3,
        0.91,
        server ? new LoadMoment.Server(1.44, 96L << 20, 12L << 20) : null);
  }

  private static String text(LoadMoment moment, String log, int width) {
    List<String> lines =
        LoadBlock.lines(moment, log, ASCII, width).stream()
            .map(AttributedString::toString)
            .toList();
    return String.join("\n", lines);
  }

  @Test
  void showsTheBarAndAllFigures() {
    String text = text(moment(0.5, false, true), "", 90);
    assertThat(text.lines().findFirst().orElseThrow())
        .isEqualTo("#".repeat(30) + ".".repeat(30) + " 12.0 s");
    assertThat(text)
        .containsPattern("offered/s +20k")
        .containsPattern("answered/s +20k")
        .containsPattern("in flight +64")
        .containsPattern("errors +3")
        .containsPattern("p50 +810 us")
        .containsPattern("p99 +2\\.10 ms")
        .containsPattern("max +9\\.30 ms")
        .containsPattern("client CPU +91%")
        .containsPattern("server CPU +144%")
        .containsPattern("resident +96M")
        .containsPattern("upstream +12M");
  }

  @Test
  void whatIsNotKnownIsLeftOut() {
    String text = text(moment(-1, true, false), "a warning", 90);
    assertThat(text).startsWith(" 12.0 s, warming up\n").endsWith("\na warning");
    assertThat(text).doesNotContain("server CPU").doesNotContain("#");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 10, 21, 22, 44, 79, 200})
  void noLineIsLongerThanTheTerminalIsWide(int width) {
    for (AttributedString line :
        LoadBlock.lines(moment(0.3, true, true), "x".repeat(300), ASCII, width)) {
      assertThat(line.columnLength()).isLessThanOrEqualTo(width);
    }
  }

  @Test
  void linesHaveAHeadingNowAndThen() {
    StringWriter written = new StringWriter();
    LoadLines lines = new LoadLines(new PrintWriter(written));
    for (int i = 0; i <= LoadLines.PAGE; i++) {
      lines.accept(moment(0.1, i == 0, i > 0));
    }
    List<String> printed = written.toString().lines().toList();
    assertThat(printed).hasSize(LoadLines.PAGE + 3);
    assertThat(printed.get(0)).isEqualTo(LoadLine.HEADING).isEqualTo(printed.get(21));
    assertThat(printed.get(1))
        .matches(" +12s~ +20k +20k +64 +810 µs +2\\.10 ms +9\\.30 ms +3 +91% +- +-");
    assertThat(printed.get(2)).matches(" +12s .* 91% +144% +96M");
    assertThat(printed).allSatisfy(line -> assertThat(line).hasSize(LoadLine.HEADING.length()));
  }
}
