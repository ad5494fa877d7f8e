package dev.tidepool.allocator;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Applies the budget of one arena to its channel: under pressure the gate is shut; after a failed
 * allocation the channel closes, once, whoever caught the exception.
 *
 * <p>Event loop only, but for what the arena calls.
 */
final class BudgetEnforcer implements BudgetListener {
  private static final InternalLogger logger =
      InternalLoggerFactory.getInstance(BudgetEnforcer.class);

  private final ChannelHandlerContext ctx;
  private final ConnectionArena arena;
  private final ReadGate gate;
  private final AtomicReference<@Nullable Failure> failure = new AtomicReference<>();
  private boolean ended;

  /** Why the channel has to go, and whether somebody got it thrown. */
  private record Failure(ArenaBudgetExceededException cause, boolean isThrown) {}

  BudgetEnforcer(ChannelHandlerContext ctx, ConnectionArena arena, ReadGate gate) {
    this.ctx = ctx;
    this.arena = arena;
    this.gate = gate;
  }

  // Pressure

  @Override
  public void pressureChanged() {
    if (ended || failure.get() != null) {
      return;
    }
    if (arena.isUnderPressure()) {
      gate.shut(ctx);
    } else {
      gate.open(ctx);
    }
  }

  /** Whether one more read may follow the last. */
  boolean mayReadOn() {
    return !gate.isShut() && !arena.isUnderPressure();
  }

  /**
   * There was no memory to read into, and the transport cannot be told so: io_uring's event loop
   * stumbles over an exception, and the others would try again at once. So it gets a buffer after
   * all, and what it reads waits here, until there is room or the channel goes.
   */
  ByteBuf refusedRead(ArenaBudgetExceededException refusal, int capacity) {
    Failure thrown = failure.get();
    boolean isLatest = thrown != null && thrown.cause == refusal;
    gate.holdMessages();
    gate.shut(ctx);
    if (arena.awaitRoom()) {
      if (isLatest) {
        failure.compareAndSet(thrown, null); // not a failure, and nobody else saw it
      }
    } else if (isLatest) {
      failure.compareAndSet(thrown, new Failure(refusal, false));
    } else {
      failAfterwards(new Failure(refusal, false));
    }
    return arena.overflowBuffer(capacity);
  }

  // Failures

  @Override
  public void allocationFailed(ArenaBudgetExceededException cause) {
    failAfterwards(new Failure(cause, true));
  }

  @Override
  public void closeRequested(ArenaBudgetExceededException reason) {
    failAfterwards(new Failure(reason, false));
  }

  /** Only the first: the channel goes once. */
  private void failAfterwards(Failure first) {
    if (!failure.compareAndSet(null, first)) {
      return;
    }
    try {
      ctx.channel().eventLoop().execute(this::fail);
    } catch (RejectedExecutionException e) {
      logger.debug("{}: its event loop ends before its budget could close it", ctx.channel());
    }
  }

  /** After all that the event loop had begun: who got the exception thrown has dealt with it. */
  private void fail() {
    Failure because = failure.get();
    boolean isOpen = ctx.channel().isOpen();
    if (because == null || (ended && isOpen)) {
      return;
    }
    // Also when a handler, such as HTTP/2's codec, has closed it already: only here it says why.
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

  /** The channel has closed, or goes its way without this arena. */
  void end() {
    ended = true;
    endHolding();
    gate.open(ctx);
  }

  /** What is held goes before what comes after it, unless the channel has to go anyway. */
  void endHolding() {
    if (failure.get() != null) {
      gate.discard();
    } else {
      gate.deliver(ctx);
    }
  }
}
