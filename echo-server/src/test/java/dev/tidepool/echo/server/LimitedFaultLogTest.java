package dev.tidepool.echo.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LimitedFaultLogTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final List<String> lines = new ArrayList<>();
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - SECOND / 2); // overflows soon
  private final FaultLog log = new LimitedFaultLog(lines::add, now::get);

  private void resets(String line, int count) {
    for (int i = 0; i < count; i++) {
      log.fault(line, new IOException());
    }
  }

  @Test
  void oneLineASecondSaysHowManyWereLeftOut() {
    resets("first", 1);
    resets("second", 1999);
    now.addAndGet(SECOND - 1);
    resets("third", 1);
    now.addAndGet(1);
    resets("fourth", 1);
    now.addAndGet(SECOND);
    resets("fifth", 1);
    assertThat(lines)
        .containsExactly(
            "first", "fourth; and 2,000 faults more like it since the last line", "fifth");
  }

  @Test
  void eachKindHasItsOwnLines() {
    resets("reset", 2);
    log.fault("bad input", new IllegalArgumentException());
    assertThat(lines).containsExactly("reset", "bad input");
  }

  @Test
  void reportsWhatWasLeftOutWhenDueWithoutAnotherFault() {
    resets("first", 1);
    resets("second", 1);
    log.reportLeftOut();
    assertThat(lines).hasSize(1);
    now.addAndGet(SECOND);
    log.reportLeftOut();
    log.reportLeftOut();
    resets("third", 1); // within a second of the line before
    assertThat(lines)
        .containsExactly("first", "1 fault more like it since the last line, the latest: second");
  }

  @Test
  void endReportsAllThatWereLeftOut() {
    resets("first", 1);
    resets("second", 5);
    log.end();
    log.end();
    assertThat(lines)
        .containsExactly("first", "5 faults more like it since the last line, the latest: second");
  }
}
