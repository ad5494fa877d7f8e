package dev.tidepool.allocator.os;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class ResidentSetTest {
  private static final String STATUS =
      "Name:\tjava\nVmHWM:\t  900000 kB\nVmRSS:\t  123456 kB\nRssAnon:\t    1000 kB\n";

  @Test
  void theFigureIsVmRssInBytes() {
    assertThat(ResidentSet.bytesIn(STATUS)).isEqualTo(123_456L * 1024);
  }

  @Test
  void whatDoesNotSayIsUnknown() {
    assertThat(ResidentSet.bytesIn("Name:\tjava\n")).isEqualTo(ResidentSet.UNKNOWN);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void thisProcessHasMoreThanItsSmallestAndLessThanAnyMachine() {
    assertThat(ResidentSet.bytes()).isBetween(4L << 20, 1L << 44);
  }
}
