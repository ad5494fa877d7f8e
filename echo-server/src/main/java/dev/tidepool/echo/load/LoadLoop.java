package dev.tidepool.echo.load;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One event loop of a load: its connections, its totals and its part of the schedule. The
 * connections are added before it starts, or by its own thread.
 */
final class LoadLoop {
  private static final int CHECKS_IN_A_TIMEOUT = 4;

  private final EventLoop loop;
  private final LoopTally tally;
  private final LoopTally uncounted;
  private final Measurement measurement;
  private final List<VirtualUser> users = new ArrayList<>(); // event loop only
  private final List<VirtualUser> paced = new ArrayList<>(); // does not change once it has started

  LoadLoop(EventLoop loop, LoadTally load) {
    this.loop = loop;
    this.tally = load.newLoop();
    this.uncounted = load.newUncounted();
    this.measurement = load.measurement();
  }

  EventLoop eventLoop() {
    return loop;
  }

  /** Counts the connections that are in the figures. */
  LoopTally tally() {
    return tally;
  }

  /** Counts those that are not. */
  LoopTally uncounted() {
    return uncounted;
  }

  /** Its place among the measured connections, which is its place in the schedule. */
  int add(VirtualUser user) {
    loop.execute(() -> users.add(user));
    return user.isMeasured() ? addPaced(user) : -1;
  }

  private int addPaced(VirtualUser user) {
    paced.add(user);
    return paced.size() - 1;
  }

  /**
   * A schedule for its connections, which have been added.
   *
   * @param number of the loop, 0 for the first
   * @param ratePerSecond of all loops together
   * @param allConnections of all loops, those that are measured
   */
  Pacer newPacer(int number, double ratePerSecond, int allConnections) {
    double all = TimeUnit.SECONDS.toNanos(1) / ratePerSecond;
    return new Pacer(
        loop, paced, all * allConnections / Math.max(1, paced.size()), all * number, measurement);
  }

  /**
   * Lets its connections send.
   *
   * @param pacer of this loop; null: no schedule
   */
  void start(@Nullable Pacer pacer, long nanoTime) {
    loop.execute(
        () -> {
          users.forEach(user -> user.start(user.isMeasured() ? pacer : null));
          if (pacer != null) {
            pacer.start(nanoTime);
          }
        });
  }

  /** Lets its connections leave out the turns of the schedule that they have missed so far. */
  void dropBacklog() {
    loop.execute(() -> paced.forEach(VirtualUser::dropBacklog));
  }

  /** Starts checking that answers come in time. */
  void checkTimeouts(Duration timeout) {
    long period = Math.max(1, timeout.toMillis() / CHECKS_IN_A_TIMEOUT);
    loop.scheduleAtFixedRate(
        () -> users.forEach(VirtualUser::checkTimeout), period, period, TimeUnit.MILLISECONDS);
  }

  /** Lets its connections notice that no more requests begin. */
  void stop() {
    try {
      loop.execute(() -> List.copyOf(users).forEach(VirtualUser::stop));
    } catch (RejectedExecutionException e) {
      // Its client was closed meanwhile, and all its connections with it.
    }
  }
}
