package dev.tidepool.allocator;

import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Shut while a channel is not to be read from. Whose {@code autoRead} it is, is remembered: the
 * gate turns it off only if it was on, and turns it on again only if nobody else did, or turned it
 * off, as far as that can be seen. A {@code read()} while it is shut is held, and issued when it
 * opens.
 *
 * <p>What cannot be seen is {@code setAutoRead(false)} while it is off already, but for what users
 * do when writability changes: there they find it on, as they left it.
 *
 * <p>Event loop only.
 */
final class ReadGate {
  private final Consumer<ChannelHandlerContext> readComplete;
  private boolean shut;

  /** It was on when the gate shut, and nobody has touched it since. */
  private boolean turnedOff;

  /** On for users to see and to turn off. */
  private boolean lent;

  private boolean readHeld;
  private @Nullable Deque<Object> heldMessages;

  /** A message of the current read burst was passed on. */
  private boolean passed;

  /**
   * @param readComplete what to do after held messages were passed on
   */
  ReadGate(Consumer<ChannelHandlerContext> readComplete) {
    this.readComplete = readComplete;
  }

  boolean isShut() {
    return shut;
  }

  void shut(ChannelHandlerContext ctx) {
    if (!shut) {
      shut = true;
      takeAutoRead(ctx.channel().config());
    }
  }

  private void takeAutoRead(ChannelConfig config) {
    turnedOff = config.isAutoRead();
    if (turnedOff) {
      config.setAutoRead(false);
    }
  }

  /** First what was held goes on its way, then reading does. */
  void open(ChannelHandlerContext ctx) {
    deliver(ctx);
    if (!shut) {
      return;
    }
    shut = false;
    boolean held = readHeld;
    readHeld = false;
    if (turnedOff) {
      turnedOff = false;
      ctx.channel().config().setAutoRead(true); // which reads
    } else if (held || ctx.channel().config().isAutoRead()) {
      ctx.read();
    }
  }

  /** Whether a {@code read()} that comes by has to wait. */
  boolean holdsRead(ChannelConfig config) {
    if (!shut) {
      return false;
    }
    if (!config.isAutoRead()) {
      readHeld = true;
    } else if (!lent) {
      turnedOff = false; // a user turned it on, and it is his from now on
    }
    return true;
  }

  /** Runs {@code event}, after which users turn {@code autoRead} off or on. */
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

  /** From now on messages are held, until the gate opens. */
  void holdMessages() {
    if (heldMessages == null) {
      heldMessages = new ArrayDeque<>(4);
    }
  }

  /** Whether {@code message} is held now. */
  boolean holds(Object message) {
    if (heldMessages == null) {
      passed = true;
      return false;
    }
    heldMessages.add(message);
    return true;
  }

  /**
   * Whether the end of a read burst is held with its messages: {@link #deliver} passes on both. If
   * some of its messages went before, those have had their read-complete to wait for.
   */
  boolean holdsReadComplete() {
    boolean holds = !passed && heldMessages != null && !heldMessages.isEmpty();
    passed = false;
    return holds;
  }

  /** Passes on what is held. */
  void deliver(ChannelHandlerContext ctx) {
    Deque<Object> held = heldMessages;
    heldMessages = null;
    if (held == null || held.isEmpty()) {
      return;
    }
    held.forEach(ctx::fireChannelRead);
    readComplete.accept(ctx);
  }

  /** Drops what is held. */
  void discard() {
    Deque<Object> held = heldMessages;
    heldMessages = null;
    if (held != null) {
      held.forEach(ReferenceCountUtil::release);
    }
  }
}
