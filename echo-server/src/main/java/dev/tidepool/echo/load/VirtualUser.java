package dev.tidepool.echo.load;

import dev.tidepool.echo.figures.Failures;
import dev.tidepool.echo.protocol.ProtocolClient;
import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One user of a load's server, who has one connection at a time and opens another when it has
 * ended. Event loop only, unless said otherwise.
 */
final class VirtualUser implements RequestSource {
  /** How a user behaves. */
  enum Role {
    /** Sends requests, which are measured. */
    MEASURED,
    /** Sends requests and reads the answers slowly. In no figure. */
    SLOW_READER,
    /** Sends one request and then nothing. In no figure. */
    IDLE
  }

  /** Requests that a slow reader has under way: more than a server lets it have. */
  private static final int SLOW_READERS_PIPELINE = 1024;

  private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final int number;
  private final Role role;
  private final LoadSettings settings;
  private final Connector connector;
  private final LoadLoop loop;
  private final LoopTally tally;
  private final Measurement measurement;
  private final long quota;
  private final CompletableFuture<Void> finished = new CompletableFuture<>();
  private final int place; // in the schedule
  private @Nullable Pacer pacer; // null: no schedule
  private boolean started;
  private long begun;
  private long nextTurn = -1; // has not been open yet
  private long openings;
  private long pauseNanos = FIRST_PAUSE_NANOS;
  private volatile @Nullable Channel channel;
  private @Nullable LoadConnection connection; // null: none is open
  private @Nullable ReadThrottle throttle; // of the connection that was opened last
  private @Nullable Future<?> lifetime;

  /**
   * @param number of the connection, 0 for the load's first
   */
  VirtualUser(
      int number,
      Role role,
      LoadSettings settings,
      Connector connector,
      LoadLoop loop,
      Measurement measurement) {
    this.number = number;
    this.role = role;
    this.settings = settings;
    this.connector = connector;
    this.loop = loop;
    this.measurement = measurement;
    this.tally = role == Role.MEASURED ? loop.tally() : loop.uncounted();
    this.quota = quota(number, role, settings);
    this.place = loop.add(this);
  }

  private static long quota(int number, Role role, LoadSettings settings) {
    return switch (role) {
      case MEASURED -> settings.quota(number);
      case SLOW_READER -> Long.MAX_VALUE;
      case IDLE -> 1;
    };
  }

  /** Any thread. */
  Role role() {
    return role;
  }

  /** Any thread. */
  boolean isMeasured() {
    return role == Role.MEASURED;
  }

  /** Done when nothing more is sent and nothing more is waited for. Any thread. */
  CompletableFuture<Void> done() {
    return finished;
  }

  /** The connection, if one was opened. Any thread. */
  @Nullable Channel channel() {
    return channel;
  }

  // Opening

  /**
   * Opens the connection. Any thread.
   *
   * @param delayNanos before it is opened
   * @param listener is told of this opening, and not of later ones
   */
  void open(long delayNanos, OpeningListener listener) {
    loop.eventLoop()
        .schedule(() -> openNow(listener), connector.reserve(delayNanos), TimeUnit.NANOSECONDS);
  }

  private void openNow(OpeningListener listener) {
    if (measurement.stopping()) {
      listener.failed(
          new LoadException(ErrorCause.CONNECT, "the load is over, expected it to run"));
      return;
    }
    RequestPlan plan = settings.plan(number, openings++);
    ProtocolClient client = settings.protocol().newClient(plan::request);
    RequestCutter cutter = cutsOff() ? new RequestCutter() : null;
    LoadConnection opening =
        new LoadConnection(number, plan, client, this, tally, pipeline(), isScheduled(), cutter);
    throttle = role == Role.SLOW_READER ? new ReadThrottle(settings.unfriendly().readRate()) : null;
    channel =
        connector.open(
            loop.eventLoop(),
            client,
            new Opening(opening, listener),
            Stream.of(throttle, cutter).filter(Objects::nonNull).toList(),
            opening);
  }

  private boolean isScheduled() {
    return isMeasured() && settings.ratePerSecond() != null;
  }

  private boolean cutsOff() {
    return role == Role.MEASURED && settings.unfriendly().abortPercent() > 0;
  }

  private int pipeline() {
    return role == Role.SLOW_READER ? SLOW_READERS_PIPELINE : settings.pipeline();
  }

  /** Hears of one opening, the first word of it. */
  private final class Opening implements OpeningListener {
    private final LoadConnection opening;
    private final OpeningListener listener;
    private boolean over;

    Opening(LoadConnection opening, OpeningListener listener) {
      this.opening = opening;
      this.listener = listener;
    }

    @Override
    public void opened() {
      over = true;
      VirtualUser.this.opened(opening);
      listener.opened();
    }

    @Override
    public void failed(Throwable cause) {
      if (!over) {
        over = true;
        openingFailed(cause);
        listener.failed(cause);
      }
    }
  }

  private void opened(LoadConnection opening) {
    connection = opening;
    if (throttle != null) {
      throttle.begin();
    }
    joinSchedule();
    Duration life = settings.channelLifetime();
    if (life != null && role == Role.MEASURED) {
      // The first life is a part of one, so that the connections do not end all at once.
      double part = openings == 1 ? (number + 1.0) / settings.connections() : 1;
      lifetime =
          loop.eventLoop()
              .schedule(opening::drain, (long) (life.toNanos() * part), TimeUnit.NANOSECONDS);
    }
  }

  private void openingFailed(Throwable cause) {
    if (measurement.stopping()) {
      finished();
      return;
    }
    tally.error(
        number,
        new LoadException(ErrorCause.CONNECT, "cannot connect: " + Failures.reason(cause)),
        0);
    reopen(false);
  }

  private void reopen(boolean atOnce) {
    if (!hasMore()) {
      finished();
      return;
    }
    pauseNanos = atOnce ? FIRST_PAUSE_NANOS : Math.min(2 * pauseNanos, LONGEST_PAUSE_NANOS);
    open(atOnce ? 0 : pauseNanos, NO_LISTENER);
  }

  private static final OpeningListener NO_LISTENER =
      new OpeningListener() {
        @Override
        public void opened() {}

        @Override
        public void failed(Throwable cause) {}
      };

  // Sending

  /**
   * Lets the user send from now on.
   *
   * @param schedule that starts now; null: none
   */
  void start(@Nullable Pacer schedule) {
    started = true;
    pacer = schedule;
    if (connection != null) {
      joinSchedule();
      proceed();
    }
  }

  /** Leaves out the turns that have come and were missed. */
  void dropBacklog() {
    if (pacer != null && nextTurn >= 0) {
      nextTurn = Math.max(nextTurn, pacer.nextTurnOf(place));
    }
  }

  /** Lets the user, who has no schedule, send from now on. Any thread. */
  void startSoon() {
    loop.eventLoop().execute(() -> start(null));
  }

  private void joinSchedule() {
    if (pacer != null && nextTurn < 0) {
      nextTurn = pacer.nextTurnOf(place);
    }
  }

  /** Sends what is due. */
  void proceed() {
    if (connection != null) {
      connection.proceed();
    }
  }

  @Override
  public long due(long now) {
    if (!started || !hasMore()) {
      return NOTHING_DUE;
    }
    if (pacer == null) {
      return now;
    }
    return pacer.hasCome(nextTurn) ? pacer.intended(nextTurn) : NOTHING_DUE;
  }

  @Override
  public void begun(long intendedNanos) {
    if (isOfQuota(intendedNanos)) {
      begun++;
      if (begun == quota && isMeasured()) {
        measurement.beginsLast(System.nanoTime());
      }
    }
    if (pacer != null) {
      nextTurn += pacer.turnsApart();
    }
  }

  @Override
  public void takenBack(long intendedNanos) {
    if (isOfQuota(intendedNanos)) {
      begun--;
    }
    if (pacer != null) {
      nextTurn -= pacer.turnsApart();
    }
  }

  /** The warm-up's requests are not. */
  private boolean isOfQuota(long intendedNanos) {
    return role == Role.IDLE || measurement.includes(intendedNanos);
  }

  @Override
  public boolean hasMore() {
    return begun < quota && !measurement.stopping();
  }

  void checkTimeout() {
    if (connection != null && role != Role.SLOW_READER) {
      connection.checkTimeout(settings.timeout());
    }
  }

  // The end

  /** No request begins any more, of any user. */
  void stop() {
    LoadConnection open = connection;
    if (open == null) {
      finished();
      return;
    }
    if (throttle != null) {
      throttle.end();
    }
    open.proceed();
    if (role == Role.SLOW_READER) {
      loop.eventLoop().schedule(this::finished, settings.timeout().toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  @Override
  public void finished() {
    finished.complete(null);
  }

  @Override
  public void ended(boolean worked) {
    connection = null;
    if (lifetime != null) {
      lifetime.cancel(false);
    }
    reopen(worked);
  }
}
