package dev.tidepool.echo.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CapturedErrorsTest {
  private final PrintStream before = System.err;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  private CapturedErrors capture() {
    System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
    return new CapturedErrors(true);
  }

  private String printed() {
    return printed.toString(StandardCharsets.UTF_8);
  }

  @AfterEach
  void restore() {
    System.setErr(before);
  }

  @Test
  void whatIsLoggedIsPrintedAtTheEnd() {
    try (CapturedErrors errors = capture()) {
      assertThat(errors.lastLine()).isEmpty();
      System.err.println("one");
      System.err.print("two\u001b[31m, µ");
      assertThat(errors.lastLine()).isEqualTo("one");
      System.err.println();
      assertThat(errors.lastLine()).isEqualTo("two [31m, µ");
      assertThat(printed()).isEmpty();
    }
    assertThat(printed()).isEqualTo("one\ntwo\u001b[31m, µ\n");
    System.err.println("three");
    assertThat(printed()).endsWith("three\n");
  }

  @Test
  void onlyTheLastLinesAreKept() {
    try (CapturedErrors errors = capture()) {
      for (int i = 0; i < 3 * CapturedErrors.LINES; i++) {
        System.err.println("line " + i);
      }
      assertThat(errors.lastLine()).isEqualTo("line 599");
    }
    assertThat(printed().lines()).hasSize(CapturedErrors.LINES + 1);
    assertThat(printed()).startsWith("(400 lines before these are left out)\nline 400\n");
  }
}
