package dev.tidepool.echo.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.ExternalTerminal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The block of figures on a terminal whose two ends the test holds. */
@Timeout(60)
class LoadScreenTest {
  private static final String OTHER_SCREEN = "\u001b[?1049h";

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();

  private String written() {
    return written.toString(StandardCharsets.UTF_8);
  }

  @Test
  void redrawsWhereTheCursorIsAndLeavesNothing() throws Exception {
    try (PipedOutputStream keyboard = new PipedOutputStream();
        Terminal terminal =
            new ExternalTerminal(
                "test",
                "xterm-256color",
                new PipedInputStream(keyboard),
                written,
                StandardCharsets.UTF_8)) {
      terminal.setSize(Size.of(80, 24));
      try (LoadScreen screen = new LoadScreen(terminal, new Look(false, false), () -> "")) {
        screen.accept(LoadBlockTest.moment(0.2, true, true));
        assertThat(written()).contains("warming up").contains("answered/s");
        int first = written().length();
        screen.accept(LoadBlockTest.moment(0.4, false, true));
        assertThat(written().substring(first))
            .as("only what changed is written")
            .isNotEmpty()
            .doesNotContain("answered/s");
        written.reset();
      }
      assertThat(written()).contains("\u001b").doesNotContain("answered/s");
      assertThat(written()).doesNotContain(OTHER_SCREEN);
    }
  }
}
