package dev.tidepool.echo.figures;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0 bytes",
    "1, 1 byte",
    "1023, 1023 bytes",
    "1024, 1.0 KiB",
    "1048575, 1.0 MiB",
    "1610612736, 1.5 GiB",
    "-2048, -2.0 KiB",
    "9223372036854775807, 8.0 EiB"
  })
  void bytesInTheUnitThatFits(long bytes, String text) {
    assertThat(Figures.bytes(bytes)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"900, 1 µs", "250000, 250 µs", "1500000, 1.50 ms", "2000000000, 2.00 s"})
  void timesInTheUnitThatFits(long nanos, String text) {
    assertThat(Figures.nanos(nanos)).isEqualTo(text);
  }

  @Test
  void countsAgreeWithTheirNoun() {
    assertThat(Figures.count(1, "leak", "leaks")).isEqualTo("1 leak");
    assertThat(Figures.count(1_234_567, "leak", "leaks")).isEqualTo("1,234,567 leaks");
  }
}
