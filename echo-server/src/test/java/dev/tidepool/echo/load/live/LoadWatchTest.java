package dev.tidepool.echo.load.live;

import dev.tidepool.echo.load.TestTally;
import dev.tidepool.echo.testing.NamedThreads;
import dev.tidepool.echo.testing.TestServer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LoadWatchTest {
  private final AtomicInteger shown = new AtomicInteger();

  private LoadWatch watch(Runnable view) {
    LoadPlan plan = new LoadPlan(null, null, 1L);
    LoadMoments moments = new LoadMoments(new TestTally().tally(), plan, Optional::empty);
    return new LoadWatch(moments, moment -> view.run(), Duration.ofMillis(1));
  }

  @Test
  void showsFiguresUntilItIsClosed() {
    LoadWatch watch = watch(shown::incrementAndGet);
    TestServer.await("some are shown", () -> shown.get() > 3);
    NamedThreads.await("echo-load-watch", 1);
    watch.close();
    NamedThreads.await("echo-load-watch", 0);
  }

  @Test
  void aFaultOfTheViewDoesNotEndIt() {
    LoadWatch watch =
        watch(
            () -> {
              shown.incrementAndGet();
              throw new IllegalStateException("a fault of the view");
            });
    TestServer.await("it goes on", () -> shown.get() > 3);
    watch.close();
  }
}
