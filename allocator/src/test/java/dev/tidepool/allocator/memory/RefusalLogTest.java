package dev.tidepool.allocator.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.CapturedLog;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** At most one line a second, and an exact count of those left out. */
class RefusalLogTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  @RegisterExtension final CapturedLog log = new CapturedLog();

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - SECOND / 2); // overflows soon
  private final RefusalLog refusals = new RefusalLog(now::get);

  private void refuse(String connection, int times) {
    for (int i = 0; i < times; i++) {
      refusals.refused("no room for " + connection);
    }
  }

  @Test
  void theFirstIsLoggedAndWithTheNextLineHowManyWereLeftOut() {
    refuse("one", 1000);
    now.addAndGet(SECOND - 1);
    refuse("two", 1);
    now.addAndGet(1);
    refuse("three", 1);
    now.addAndGet(SECOND);
    refuse("four", 1);
    assertThat(log.lines("no room for "))
        .satisfiesExactly(
            line -> assertThat(line).contains("no room for one").doesNotContain("before"),
            line ->
                assertThat(line)
                    .contains("no room for three ", "(1,000 more before this were left out)"),
            line -> assertThat(line).contains("no room for four").doesNotContain("before"));
  }
}
