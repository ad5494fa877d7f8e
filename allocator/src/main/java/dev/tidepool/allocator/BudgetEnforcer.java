package dev.tidepool.allocator;

import dev.tidepool.allocator.threads.LoopTasks;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import org.jspecify.annotations.Nullable;

/**
 * The enforcer of one arena's budget on its channel: under pressure it shuts the gate; after a
 * failed allocation it closes the channel, once, whether or not a handler caught the exception. A
 * channel without a budget has none.
 *
 * <p>Event loop only, except the methods of {@link BudgetListener}.
 */
final class BudgetEnforcer implements BudgetListener {
  private static final InternalLogger logger =
      InternalLoggerFactory.getInstance(BudgetEnforcer.class);

  private final ChannelHandlerContext ctx;
  private final ConnectionArena arena;

  /** The channel's: it outlives this, which ends when the channel moves to another event loop. */
  final ReadGate gate;

  /** Null unless the channel is a stream. */
  private final @Nullable StreamWindow window;

  private final FirstFailure<Failure> failure = new FirstFailure<>();
  private boolean ended;
  private boolean failed; // only the first of the tasks closes and logs

  /** Why the channel is closed, and whether the exception was thrown to an allocating caller. */
  private record Failure(ArenaBudgetExceededException cause, boolean isThrown) {}

  private BudgetEnforcer(ChannelHandlerContext ctx, ConnectionArena arena, ReadGate gate) {
    this.ctx = ctx;
    this.arena = arena;
    this.gate = gate;
    this.window = arena.isRoot() ? null : new StreamWindow(ctx.channel());
  }

  /** Enforces from now on. The pressure may have begun before, as it moves with a connection. */
  static BudgetEnforcer begin(ChannelHandlerContext ctx, ConnectionArena arena, ReadGate gate) {
    BudgetEnforcer enforcer = new BudgetEnforcer(ctx, arena, gate);
    arena.budgetListener(enforcer);
    if (arena.isUnderPressure() || gate.isShut()) { // by a read between the last one's end and now
      enforcer.pressureChanged();
    }
    return enforcer;
  }

  // Pressure

  /**
   * {@inheritDoc}
   *
   * <p>An HTTP/2 connection is read from all the same: a pause would hold up the updates of windows
   * that its writes wait for. Its streams hold their own windows instead.
   */
  @Override
  public void pressureChanged() {
    if (ended || failure.get() != null) {
      return;
    }
    if (window != null) {
      windowPressureChanged(window);
    } else if (arena.isUnderPressure() && !Http2Codecs.areIn(ctx.pipeline())) {
      gate.shut(ctx);
    } else {
      gate.open(ctx);
    }
  }

  /** A stream is read from: to hold frames that were read would free nothing. */
  private void windowPressureChanged(StreamWindow window) {
    if (arena.isConnectionUnderPressure()) {
      window.hold();
    } else {
      window.open();
    }
  }

  /**
   * Whether to hold a {@code read()}. Shuts the gate before, if the task that will shut it has not
   * run yet: io_uring completes many reads, each of which asks for the next, before it runs tasks.
   */
  boolean holdsRead() {
    if (!gate.isShut() && arena.isUnderPressure()) {
      pressureChanged();
    }
    return gate.holdsRead(ctx.channel().config());
  }

  /** Whether one more read may follow the last. */
  boolean mayReadOn() {
    return !gate.isShut() && !arena.isUnderPressure();
  }

  /**
   * A budget has refused a read buffer. The transport cannot handle the exception: io_uring's event
   * loop fails on it, and the others would try again at once. So the transport gets a buffer
   * outside of the budget, and what it reads is held until there is room or the channel closes.
   */
  ByteBuf refusedRead(ArenaBudgetExceededException refusal, int capacity) {
    Failure thrown = failureOf(refusal);
    gate.holdMessages();
    gate.shut(ctx);
    if (arena.awaitRoom()) {
      if (thrown != null) {
        failSoon(failure.takeBack(thrown)); // the read waits, and no caller saw the refusal
      }
    } else if (thrown != null) {
      failure.replace(thrown, new Failure(refusal, false));
    } else {
      failAfterwards(new Failure(refusal, false));
    }
    return arena.overflowBuffer(capacity);
  }

  // Failures

  /** The failure that counts, if it is {@code refusal}. */
  private @Nullable Failure failureOf(ArenaBudgetExceededException refusal) {
    Failure counts = failure.get();
    return counts != null && counts.cause == refusal ? counts : null;
  }

  @Override
  public void allocationFailed(ArenaBudgetExceededException cause) {
    failAfterwards(new Failure(cause, true));
  }

  @Override
  public void closeRequested(ArenaBudgetExceededException reason) {
    failAfterwards(new Failure(reason, false));
  }

  /** Another thread may call it while a refused read is not yet known to wait. */
  private void failAfterwards(Failure next) {
    failSoon(failure.offer(next));
  }

  private void failSoon(@Nullable Failure due) {
    if (due != null) {
      LoopTasks.later(ctx.channel().eventLoop(), this::fail, arena.connection());
    }
  }

  /** Runs as a later task: by then the caller that was thrown the exception has handled it. */
  private void fail() {
    Failure because = failure.get();
    boolean isOpen = ctx.channel().isOpen();
    if (because == null || failed || (ended && isOpen)) {
      return;
    }
    failed = true;
    // Also if a handler, such as HTTP/2's codec, has closed the channel: only this line says why.
    logger.warn("{}: closed: {}", ctx.channel(), because.cause.report());
    if (isOpen) {
      close(because);
    }
  }

  private void close(Failure because) {
    if (!because.isThrown) {
      ctx.fireExceptionCaught(because.cause);
    }
    ctx.close();
  }

  // The end

  /** The channel has closed, or goes on without this arena. */
  void end() {
    ended = true;
    endHolding();
    gate.open(ctx);
    if (window != null) {
      window.open();
    }
  }

  /** Delivers the held messages before what follows, or drops them if the channel is to close. */
  void endHolding() {
    if (failure.get() != null) {
      gate.discard();
    } else {
      gate.deliver(ctx);
    }
  }
}
