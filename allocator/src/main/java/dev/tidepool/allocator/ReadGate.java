package dev.tidepool.allocator;

import dev.tidepool.allocator.jfr.FlightEvents;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The gate on a channel's reads, shut under memory pressure. Arbitrates {@code autoRead}: restores
 * it on opening only if this gate turned it off and the application has not set it since. Holds a
 * {@code read()} while shut, and issues it on opening.
 *
 * <p>The gate cannot see an application's {@code setAutoRead(false)} while {@code autoRead} is off
 * already. During {@code channelWritabilityChanged}, where applications set it, the gate therefore
 * turns it on again.
 *
 * <p>Event loop only.
 */
final class ReadGate {
  private final Consumer<ChannelHandlerContext> readComplete;
  private boolean shut;
  private FlightEvents.Pause pause = FlightEvents.Pause.UNRECORDED;

  /**
   * Whether {@code autoRead} was on when the gate shut, and the application has not set it since.
   */
  private boolean turnedOff;

  /** Whether the gate has turned {@code autoRead} on for the application to see and to set. */
  private boolean lent;

  private boolean readHeld;
  private @Nullable Deque<Object> heldMessages;

  /** Whether a message of the current read burst was passed on. */
  private boolean passed;

  /**
   * @param readComplete runs after held messages were passed on
   * @param passed whether a message of the current read burst was passed on
   */
  ReadGate(Consumer<ChannelHandlerContext> readComplete, boolean passed) {
    this.readComplete = readComplete;
    this.passed = passed;
  }

  boolean isShut() {
    return shut;
  }

  void shut(ChannelHandlerContext ctx) {
    if (!shut) {
      shut = true;
      pause = FlightEvents.beginPause(false);
      takeAutoRead(ctx.channel().config());
    }
  }

  private void takeAutoRead(ChannelConfig config) {
    turnedOff = config.isAutoRead();
    if (turnedOff) {
      config.setAutoRead(false);
    }
  }

  /** Passes held messages on, then resumes reading. */
  void open(ChannelHandlerContext ctx) {
    deliver(ctx);
    if (!shut) {
      return;
    }
    shut = false;
    pause.end(ctx.channel());
    boolean held = readHeld;
    readHeld = false;
    if (turnedOff) {
      turnedOff = false;
      ctx.channel().config().setAutoRead(true); // which issues a read
    } else if (held || ctx.channel().config().isAutoRead()) {
      ctx.read();
    }
  }

  /** Whether to hold a {@code read()} that passes here; if so it is issued on opening. */
  boolean holdsRead(ChannelConfig config) {
    if (!shut) {
      return false;
    }
    if (!config.isAutoRead()) {
      readHeld = true;
    } else if (!lent) {
      turnedOff = false; // the application turned it on, and controls it from now on
    }
    return true;
  }

  /**
   * Runs {@code event}, in which applications set {@code autoRead}, with {@code autoRead} as they
   * left it.
   */
  void lendAutoRead(ChannelConfig config, Runnable event) {
    if (!turnedOff || lent) {
      event.run();
      return;
    }
    lent = true;
    config.setAutoRead(true);
    try {
      event.run();
    } finally {
      lent = false;
      if (turnedOff) { // still shut
        takeAutoRead(config);
      }
    }
  }

  // Messages

  /** Holds messages from now on, until the gate opens. */
  void holdMessages() {
    if (heldMessages == null) {
      heldMessages = new ArrayDeque<>(4);
    }
  }

  /** Holds {@code message} if messages are held now; returns whether it is held. */
  boolean holds(Object message) {
    if (heldMessages == null) {
      passed = true;
      return false;
    }
    heldMessages.add(message);
    return true;
  }

  /**
   * Whether the read-complete of a burst is held with its messages, for {@link #deliver} to pass
   * on. Not if some messages of the burst were passed on before: they need their read-complete now.
   */
  boolean holdsReadComplete() {
    boolean holds = !passed && heldMessages != null && !heldMessages.isEmpty();
    passed = false;
    return holds;
  }

  /** Passes the held messages on. */
  void deliver(ChannelHandlerContext ctx) {
    Deque<Object> held = heldMessages;
    heldMessages = null;
    if (held == null || held.isEmpty()) {
      return;
    }
    held.forEach(ctx::fireChannelRead);
    readComplete.accept(ctx);
  }

  /** Releases the held messages. */
  void discard() {
    Deque<Object> held = heldMessages;
    heldMessages = null;
    if (held != null) {
      held.forEach(ReferenceCountUtil::release);
    }
  }
}
