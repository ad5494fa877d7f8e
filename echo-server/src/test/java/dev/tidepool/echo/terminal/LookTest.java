package dev.tidepool.echo.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class LookTest {
  @Test
  void blocksAreForLocalesInUtf8() {
    assertThat(Look.of(Map.of("LANG", "de_DE.UTF-8")).unicode()).isTrue();
    assertThat(Look.of(Map.of("LANG", "C.utf8")).unicode()).isTrue();
    assertThat(Look.of(Map.of()).unicode()).isFalse();
    assertThat(Look.of(Map.of("LANG", "de_DE.ISO-8859-1")).unicode()).isFalse();
  }

  @Test
  void theMoreSpecificVariableDecides() {
    assertThat(Look.of(Map.of("LC_ALL", "C", "LANG", "C.UTF-8")).unicode()).isFalse();
    assertThat(Look.of(Map.of("LC_CTYPE", "C.UTF-8", "LANG", "C")).unicode()).isTrue();
    assertThat(Look.of(Map.of("LC_ALL", "", "LANG", "C.UTF-8")).unicode()).isTrue();
  }

  @Test
  void theConsoleHasNoBlocks() {
    assertThat(Look.of(Map.of("LANG", "C.UTF-8", "TERM", "linux")).unicode()).isFalse();
  }

  @Test
  void noColorTurnsColoursOffUnlessItIsEmpty() {
    assertThat(Look.of(Map.of()).colours()).isTrue();
    assertThat(Look.of(Map.of("NO_COLOR", "")).colours()).isTrue();
    assertThat(Look.of(Map.of("NO_COLOR", "1")).colours()).isFalse();
  }
}
