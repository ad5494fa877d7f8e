package dev.tidepool.echo.figures;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShortFiguresTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "0.3, 0.3",
    "7, 7",
    "9.96, 10",
    "999, 999",
    "999.4, 999",
    "999.6, 1.0k",
    "1000, 1.0k",
    "1249, 1.2k",
    "45210, 45k",
    "999499, 999k",
    "999500, 1.0M",
    "1e18, 1.0E"
  })
  void counts(double count, String text) {
    assertThat(ShortFigures.count(count)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "-1, -",
    "0, 0",
    "1023, 1023",
    "1024, 1.0K",
    "16384, 16K",
    "1047552, 1023K",
    "1048064, 1.0M",
    "222298112, 212M",
    "9223372036854775807, 8.0E"
  })
  void bytes(long bytes, String text) {
    assertThat(ShortFigures.bytes(bytes)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"0, 0s", "99999, 99s", "100000, 1m", "5999999, 99m", "6000000, 1h", "864000000, 10d"})
  void ages(long millis, String text) {
    assertThat(ShortFigures.age(millis)).isEqualTo(text);
  }

  @Test
  void nothingTakesMoreThanFiveCharacters() {
    for (double value = 0.01; value < 9e18; value *= 1.003) {
      assertThat(ShortFigures.count(value)).hasSizeLessThanOrEqualTo(5);
      assertThat(ShortFigures.bytes((long) value)).hasSizeLessThanOrEqualTo(5);
    }
  }
}
