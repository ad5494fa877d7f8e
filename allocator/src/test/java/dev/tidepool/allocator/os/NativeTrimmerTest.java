package dev.tidepool.allocator.os;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.os.NativeTrimmer.Policy;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a native trim begins, by a clock that the test turns. */
class NativeTrimmerTest {
  private static final Policy POLICY =
      new Policy(1_000, Duration.ofSeconds(5).toNanos(), Duration.ofSeconds(1).toNanos());

  /** Its event loop is an executor with a clock of its own, which this thread turns. */
  private final EmbeddedChannel channel = new EmbeddedChannel();

  private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 7); // it may overflow
  private final AtomicLong resident = new AtomicLong(10_000);
  private final AtomicInteger trims = new AtomicInteger();
  private boolean available = true;
  private Runnable duringTrim = () -> {};
  private final NativeTrimmer trimmer =
      new NativeTrimmer(this::trim, resident::get, nanoTime::get, channel.eventLoop());

  NativeTrimmerTest() {
    channel.freezeTime();
  }

  @AfterEach
  void closeChannel() {
    channel.finishAndReleaseAll();
  }

  private boolean trim() {
    trims.incrementAndGet();
    duringTrim.run();
    resident.addAndGet(-4_000);
    return available;
  }

  private void pass(Duration time) {
    nanoTime.addAndGet(time.toNanos());
    channel.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
    channel.runScheduledPendingTasks();
  }

  @Test
  void belowTheThresholdNothingHappens() {
    trimmer.freed(999, POLICY);
    pass(Duration.ofHours(1));
    assertThat(trims).hasValue(0);
    assertThat(trimmer.last()).isNull();
  }

  @Test
  void oneTrimIsForAllThatIsFreedUntilItBegins() {
    trimmer.freed(600, POLICY);
    trimmer.freed(600, POLICY);
    trimmer.freed(5_000, POLICY);
    pass(Duration.ofMillis(999));
    assertThat(trims).as("what is freed with it is waited for").hasValue(0);
    pass(Duration.ofMillis(1));
    assertThat(trims).hasValue(1);
    pass(Duration.ofHours(1));
    assertThat(trims).hasValue(1);
  }

  @Test
  void afterOneTheNextNeedsTheThresholdAnew() {
    trimmer.freed(1_000, POLICY);
    pass(Duration.ofSeconds(1));
    trimmer.freed(999, POLICY);
    pass(Duration.ofHours(1));
    assertThat(trims).hasValue(1);
    trimmer.freed(1, POLICY);
    pass(Duration.ofSeconds(1));
    assertThat(trims).hasValue(2);
  }

  @Test
  void theNextIsAnIntervalLater() {
    trimmer.freed(1_000, POLICY);
    pass(Duration.ofSeconds(1));
    pass(Duration.ofSeconds(1));
    trimmer.freed(1_000, POLICY);
    pass(Duration.ofMillis(3_999));
    assertThat(trims).hasValue(1);
    pass(Duration.ofMillis(1));
    assertThat(trims).hasValue(2);
  }

  @Test
  void whatIsFreedDuringATrimWaitsForAnIntervalToo() {
    duringTrim = () -> trimmer.freed(1_000, POLICY);
    trimmer.freed(1_000, POLICY);
    pass(Duration.ofSeconds(1));
    duringTrim = () -> {};
    pass(Duration.ofMillis(4_999));
    assertThat(trims).hasValue(1);
    pass(Duration.ofMillis(1));
    assertThat(trims).hasValue(2);
  }

  @Test
  void whoFreesGoesOnThoughThereIsNoThreadToTrim() {
    ScheduledExecutorService ended = DaemonThread.executor("native-trim-test");
    ended.shutdown();
    NativeTrimmer idle = new NativeTrimmer(this::trim, resident::get, nanoTime::get, ended);
    idle.freed(1_000, POLICY);
    idle.freed(1_000, POLICY);
    assertThat(trims).hasValue(0);
  }

  @Test
  void theFirstOfTwoThresholdsCounts() {
    trimmer.freed(900, new Policy(100_000, 0, 0));
    pass(Duration.ofSeconds(1));
    trimmer.freed(100, POLICY);
    pass(Duration.ofSeconds(1));
    assertThat(trims).hasValue(1);
  }

  @Test
  void theLastOneTellsWhatItGaveBack() {
    trimmer.freed(1_000, POLICY);
    pass(Duration.ofSeconds(1));
    assertThat(trimmer.last())
        .satisfies(
            last -> {
              assertThat(last.returned()).isEqualTo(4_000);
              assertThat(last.count()).isEqualTo(1);
            });
  }

  @Test
  void whereTheResidentSetIsUnknownNothingIsSaidToHaveComeBack() {
    resident.set(ResidentSet.UNKNOWN);
    trimmer.freed(1_000, POLICY);
    pass(Duration.ofSeconds(1));
    assertThat(trimmer.last()).satisfies(last -> assertThat(last.returned()).isZero());
  }

  @Test
  void whereItCannotBeDoneItIsTriedOnce() {
    available = false;
    trimmer.freed(1_000, POLICY);
    pass(Duration.ofSeconds(1));
    trimmer.freed(1_000, POLICY);
    pass(Duration.ofHours(1));
    assertThat(trims).hasValue(1);
    assertThat(trimmer.last()).isNull();
  }

  @Test
  void whateverThreadsFreeAtOnceTheSumIsTrimmed() throws Exception {
    AtomicInteger trimsAtOnce = new AtomicInteger();
    ScheduledExecutorService executor = DaemonThread.executor("native-trim-test");
    NativeTrimmer busy =
        new NativeTrimmer(
            () -> trimsAtOnce.incrementAndGet() > 0, resident::get, System::nanoTime, executor);
    var threads = Executors.newFixedThreadPool(2);
    Policy eager = new Policy(1_000, 0, 0);
    Future<?> one = threads.submit(() -> free(busy, eager));
    Future<?> other = threads.submit(() -> free(busy, eager));
    one.get();
    other.get();
    threads.shutdown();
    executor.shutdown(); // what is scheduled without a delay still runs
    assertThat(executor.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    assertThat(trimsAtOnce.get()).isBetween(1, 20);
  }

  /** Ten thresholds' worth. */
  private static void free(NativeTrimmer trimmer, Policy policy) {
    for (int i = 0; i < 10_000; i++) {
      trimmer.freed(1, policy);
    }
  }
}
