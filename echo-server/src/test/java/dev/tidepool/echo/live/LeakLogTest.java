package dev.tidepool.echo.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.LeakReport;
import dev.tidepool.allocator.Survivor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeakLogTest {
  private final LeakLog log = new LeakLog(connection -> "name of " + connection);

  private static LeakReport report(Object connection, int request) {
    return new LeakReport(
        connection, new Survivor(request, true, 256, 10, Duration.ofSeconds(5), null, null));
  }

  @Test
  void keepsTheLastHundred() {
    for (int i = 1; i <= 250; i++) {
      log.leaked(report("a", i));
    }
    assertThat(log.last()).extracting(LiveLeak::request).hasSize(100).startsWith(151).endsWith(250);
    LiveLeak leak = log.last().get(99);
    assertThat(leak.connection()).isEqualTo("name of a");
    assertThat(leak.bytes()).isEqualTo(256);
    assertThat(leak.text()).startsWith("a: a buffer of 256 bytes from request 250 is still alive");
  }

  @Test
  void saysWhichConnectionsLeak() {
    Object leaking = new Object();
    log.leaked(report(leaking, 1));
    assertThat(log.isLeaking(leaking)).isTrue();
    assertThat(log.isLeaking(new Object())).isFalse();
  }

  @Test
  void tellsItsListenersThoughOneFails() {
    List<LiveLeak> told = new ArrayList<>();
    Subscription failing =
        log.subscribe(
            leak -> {
              throw new IllegalStateException("a listener's own fault");
            });
    try (Subscription second = log.subscribe(told::add)) {
      assertThat(second).isNotNull();
      log.leaked(report("a", 1));
    }
    log.leaked(report("a", 2));
    failing.close();
    assertThat(told).extracting(LiveLeak::request).containsExactly(1);
  }
}
