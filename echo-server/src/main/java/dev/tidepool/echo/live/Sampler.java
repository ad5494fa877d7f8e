package dev.tidepool.echo.live;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Samples a running server on a daemon thread of its own: ten times a second while it has
 * subscribers, else once a second for the history. With many connections it samples more seldom, so
 * that it looks at no more than {@value WalkPace#PER_SECOND} a second.
 *
 * <p>A subscriber that is slow misses samples; what one throws is logged, once. Neither holds up
 * the sampler or another subscriber. Thread-safe.
 */
public final class Sampler implements LiveFeed, AutoCloseable {
  /** The number of points in the history. */
  public static final int HISTORY = 300;

  private static final Logger LOG = LoggerFactory.getLogger(Sampler.class);
  private static final long WATCHED_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long UNWATCHED_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
  private static final int LAG = 1; // samples that wait for a slow subscriber

  private final SampleMaker maker; // the sampler's thread alone, after the construction
  private final SampleClock clock;
  private final ExecutorService deliveries =
      Executors.newCachedThreadPool(DaemonThreads.named("echo-samples"));
  private final SubmissionPublisher<LiveSnapshot> publisher =
      new SubmissionPublisher<>(deliveries, LAG);
  private final Thread thread = DaemonThreads.named("echo-sampler").newThread(this::run);

  // Guarded by this.
  private final Deque<LiveSnapshot.Point> history = new ArrayDeque<>();
  private LiveSnapshot latest;
  private long latestNanos;
  private long pointNanos;
  private boolean closed;

  private boolean failed; // the sampler's thread alone

  /** Takes the first sample, and starts to take the others. */
  public Sampler(SampleMaker maker) {
    this(maker, SampleClock.SYSTEM);
    thread.start();
  }

  /** For tests, which sample by {@link #sample()}. */
  Sampler(SampleMaker maker, SampleClock clock) {
    this.maker = maker;
    this.clock = clock;
    this.latest = maker.next();
    this.latestNanos = clock.nanos();
    this.pointNanos = latestNanos;
    history.addLast(latest.point());
  }

  private void run() {
    while (awaitNext()) {
      sample();
    }
  }

  /** Takes a sample. What fails is logged once, and again after a sample has been taken. */
  void sample() {
    try {
      publish(maker.next());
      failed = false;
    } catch (RuntimeException e) {
      if (!failed) {
        LOG.warn("the server could not be sampled, the sampler goes on", e);
      }
      failed = true;
      markTime();
    }
  }

  private synchronized void publish(LiveSnapshot sample) {
    if (!closed) {
      remember(sample);
      publisher.offer(sample, null); // without waiting: a subscriber that lags behind misses it
    }
  }

  private void remember(LiveSnapshot sample) {
    markTime();
    latest = sample;
    if (latestNanos - pointNanos >= UNWATCHED_NANOS - WATCHED_NANOS / 2) {
      pointNanos = latestNanos;
      history.addLast(sample.point());
      if (history.size() > HISTORY) {
        history.removeFirst();
      }
    }
  }

  private synchronized void markTime() {
    latestNanos = clock.nanos();
  }

  /** Waits until the next sample is due; false if this was closed. */
  private synchronized boolean awaitNext() {
    try {
      long left = nanosToNext();
      while (!closed && left > 0) {
        wait(left / MILLI + 1);
        left = nanosToNext();
      }
      return !closed;
    } catch (InterruptedException e) {
      return false; // by nothing but the end of the process
    }
  }

  synchronized long nanosToNext() {
    return latestNanos + intervalNanos() - clock.nanos();
  }

  private long intervalNanos() {
    long fastest = publisher.hasSubscribers() ? WATCHED_NANOS : UNWATCHED_NANOS;
    return WalkPace.intervalNanos(fastest, maker.walked());
  }

  @Override
  public synchronized LiveSnapshot latest() {
    return latest;
  }

  /** {@inheritDoc} Of the last five minutes. */
  @Override
  public synchronized List<LiveSnapshot.Point> history() {
    return List.copyOf(history);
  }

  /**
   * {@inheritDoc}
   *
   * <p>In order, on a thread that is no event loop. After the close there are none; one may be on
   * its way when the subscription is closed.
   */
  @Override
  public synchronized Subscription subscribe(Consumer<LiveSnapshot> subscriber) {
    if (closed) {
      return () -> {};
    }
    CompletableFuture<Void> subscribed = publisher.consume(new Guarded(subscriber));
    notifyAll(); // the next sample is due earlier
    return () -> subscribed.cancel(false);
  }

  /** A subscriber whose first failure is logged; at ten a second the others would say no more. */
  private static final class Guarded implements Consumer<LiveSnapshot> {
    private final Consumer<LiveSnapshot> subscriber;
    private boolean failed; // handed from one delivery to the next

    Guarded(Consumer<LiveSnapshot> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public void accept(LiveSnapshot sample) {
      try {
        subscriber.accept(sample);
      } catch (RuntimeException e) {
        if (!failed) {
          LOG.warn("a subscriber to samples failed, it gets the next all the same", e);
        }
        failed = true;
      }
    }
  }

  /** Ends sampling and all subscriptions. */
  @Override
  public synchronized void close() {
    closed = true;
    publisher.close();
    deliveries.shutdown();
    notifyAll();
  }
}
