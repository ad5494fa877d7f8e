package dev.tidepool.echo.load;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class FileLimitTest {
  @Test
  void whatFitsIsAccepted() throws Exception {
    FileLimit.require(100, "connections", 50, 166);
    FileLimit.require(1, "connections");
  }

  @Test
  void whatDoesNotFitIsRefusedWithTheNumbers() {
    assertThatThrownBy(() -> FileLimit.require(100, "connections", 50, 165))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "100 connections need 166 open files, 50 of them open already, expected 165 at most;"
                + " 'ulimit -n' sets this limit");
    assertThatThrownBy(() -> FileLimit.require(1L << 40, "connections"))
        .isInstanceOf(IOException.class);
  }
}
