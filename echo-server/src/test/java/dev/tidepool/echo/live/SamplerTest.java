package dev.tidepool.echo.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.echo.testing.NamedThreads;
import dev.tidepool.echo.testing.TestServer;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The sampler by a clock that the tests set, and once by its own thread. */
@Timeout(30)
class SamplerTest {
  private final LiveFixtures server = new LiveFixtures();

  private Sampler sampler() {
    return new Sampler(server.maker(), server);
  }

  private long millisToNext(Sampler sampler) {
    return TimeUnit.NANOSECONDS.toMillis(sampler.nanosToNext());
  }

  @Test
  void samplesOnceASecondAndTenTimesWithASubscriber() {
    try (Sampler sampler = sampler()) {
      assertThat(millisToNext(sampler)).isEqualTo(1_000);
      Subscription one = sampler.subscribe(sample -> {});
      Subscription two = sampler.subscribe(sample -> {});
      assertThat(millisToNext(sampler)).isEqualTo(100);
      server.passMillis(30);
      assertThat(millisToNext(sampler)).isEqualTo(70);
      one.close();
      one.close();
      assertThat(millisToNext(sampler)).isEqualTo(70);
      two.close();
      TestServer.await("the subscriptions have ended", () -> millisToNext(sampler) == 970);
    }
  }

  @Test
  void looksAtTwentyThousandConnectionsASecondAtMost() {
    try (Sampler sampler = sampler()) {
      sampler.subscribe(sample -> {});
      for (int connections : new int[] {0, 1_999, 2_001, 20_000, 100_000}) {
        server.walked = connections;
        sampler.sample();
        assertThat(millisToNext(sampler)).isEqualTo(Math.max(100, connections / 20));
      }
    }
  }

  @Test
  void theHistoryHasAPointForEachSecondOfFiveMinutes() {
    try (Sampler sampler = sampler()) {
      sampler.subscribe(sample -> {});
      for (int i = 0; i < 4_000; i++) {
        server.passMillis(100);
        sampler.sample();
      }
      List<LiveSnapshot.Point> history = sampler.history();
      assertThat(history).hasSize(Sampler.HISTORY);
      for (int i = 1; i < history.size(); i++) {
        assertThat(history.get(i).atMillis() - history.get(i - 1).atMillis()).isEqualTo(1_000);
      }
      assertThat(history.get(299)).isEqualTo(sampler.latest().point());
    }
  }

  @Test
  void aSubscriberThatThrowsGetsTheNextSample() throws Exception {
    BlockingQueue<Long> seen = new LinkedBlockingQueue<>();
    try (Sampler sampler = sampler()) {
      sampler.subscribe(
          sample -> {
            seen.add(sample.atMillis());
            throw new IllegalStateException("a subscriber's own fault");
          });
      for (int i = 0; i < 3; i++) {
        server.passMillis(100);
        sampler.sample();
        assertThat(seen.poll(20, TimeUnit.SECONDS)).isEqualTo(server.millis());
      }
    }
  }

  @Test
  void aSlowSubscriberHoldsUpNothing() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    BlockingQueue<Long> slow = new LinkedBlockingQueue<>();
    BlockingQueue<Long> fast = new ArrayBlockingQueue<>(1);
    try (Sampler sampler = sampler()) {
      sampler.subscribe(
          sample -> {
            slow.add(sample.atMillis());
            awaitQuietly(end);
          });
      sampler.subscribe(sample -> fast.add(sample.atMillis()));
      for (int i = 0; i < 50; i++) {
        server.passMillis(100);
        sampler.sample();
        assertThat(fast.poll(20, TimeUnit.SECONDS)).isEqualTo(server.millis());
      }
      end.countDown();
      TestServer.await("the slow subscriber has read what waited", () -> slow.size() >= 2);
      assertThat(List.copyOf(slow)).hasSizeLessThan(5).isSorted();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aServerThatCannotBeReadIsAskedAgain() {
    try (Sampler sampler = sampler()) {
      server.failing = true;
      server.passMillis(1_000);
      sampler.sample();
      assertThat(millisToNext(sampler)).isEqualTo(1_000);
      LiveSnapshot before = sampler.latest();
      server.failing = false;
      server.passMillis(1_000);
      sampler.sample();
      assertThat(sampler.latest().atMillis()).isEqualTo(before.atMillis() + 2_000);
    }
  }

  @Test
  void afterTheCloseNothingIsDelivered() {
    BlockingQueue<Long> seen = new LinkedBlockingQueue<>();
    Sampler sampler = sampler();
    sampler.subscribe(sample -> seen.add(sample.atMillis()));
    LiveSnapshot last = sampler.latest();
    sampler.close();
    sampler.close();
    server.passMillis(100);
    sampler.sample();
    assertThat(sampler.latest()).isSameAs(last);
    sampler.subscribe(sample -> seen.add(sample.atMillis())).close();
    assertThat(seen).isEmpty();
  }

  @Test
  void samplesOnItsOwnThreadUntilItIsClosed() throws Exception {
    BlockingQueue<LiveSnapshot> seen = new LinkedBlockingQueue<>();
    SampleMaker maker = new SampleMaker(server, LatencySource.NONE, LiveFixtures.SERVER);
    try (Sampler sampler = new Sampler(maker)) {
      sampler.subscribe(seen::add);
      assertThat(seen.poll(20, TimeUnit.SECONDS)).isNotNull();
      assertThat(seen.poll(20, TimeUnit.SECONDS)).isNotNull();
      NamedThreads.await("echo-sampler", 1);
    }
    NamedThreads.await("echo-sampler", 0);
    int reads = server.reads;
    assertThat(reads).isGreaterThanOrEqualTo(3);
  }
}
