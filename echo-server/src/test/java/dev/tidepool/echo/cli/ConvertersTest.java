package dev.tidepool.echo.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidepool.echo.load.SizeMix.SizeRange;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class ConvertersTest {

  @ParameterizedTest
  @CsvSource({"0s, 0", "500ms, 500", "10s, 10000", "2m, 120000", "1h, 3600000"})
  void durations(String text, long millis) {
    assertThat(new Converters.Time().convert(text)).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "10", "s", "-1s", "1.5s", "10 s", "10d", "9999999999s"})
  void refusesWhatIsNotADuration(String text) {
    assertThatThrownBy(() -> new Converters.Time().convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("'" + text + "'")
        .hasMessageContaining("expected one such as 500ms, 10s or 2m");
  }

  @ParameterizedTest
  @ValueSource(strings = {"501h", "30001m", "999999999s", "999999999h"})
  void refusesTooLongADuration(String text) {
    assertThatThrownBy(() -> new Converters.Time().convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessage("'" + text + "' is too long a time, expected 500h at most");
  }

  @Test
  void theLongestDurationFitsNettysTimeouts() {
    assertThat(new Converters.Time().convert("500h").toMillis()).isLessThan(Integer.MAX_VALUE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0ms", "0s", "000h"})
  void refusesZeroWhereADurationMustBePositive(String text) {
    assertThatThrownBy(() -> new Converters.PositiveTime().convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessage("'" + text + "' is no time, expected 1ms at least");
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "100, 100", "64K, 65536", "64k, 65536", "16M, 16777216", "2047M, 2146435072"})
  void sizes(String text, int bytes) {
    assertThat(new Converters.Size().convert(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "K", "-1", "1.5K", "1G", "64 K", "2048M", "9999999999M"})
  void refusesWhatIsNotASize(String text) {
    assertThatThrownBy(() -> new Converters.Size().convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("'" + text + "'")
        .hasMessageContaining("expected");
  }

  @Test
  void aMixOfSizesAndRanges() {
    var mix = new Converters.Sizes().convert("100,1K..4K,1M");
    assertThat(mix.ranges())
        .containsExactly(
            new SizeRange(100, 100), new SizeRange(1024, 4096), new SizeRange(1 << 20, 1 << 20));
    assertThat(mix).hasToString("100,1K..4K,1M");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",", "1,", "4K..1K", "..", "1..", "1..2..3"})
  void refusesWhatIsNotAMixOfSizes(String text) {
    assertThatThrownBy(() -> new Converters.Sizes().convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("expected");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "65536", "http", "99999999999999999999"})
  void refusesWhatIsNotAPort(String text) {
    assertThatThrownBy(() -> new Converters.Port().convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessage("'" + text + "' was given, expected a whole number from 0 to 65535");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-3", "x"})
  void refusesWhatIsNotACount(String text) {
    assertThatThrownBy(() -> new Converters.Count().convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessage("'" + text + "' was given, expected a whole number from 1 to 1000000");
  }
}
