package dev.tidepool.allocator;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.EventExecutor;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The boundary behind the codec that recognises requests by their messages, and has the lifecycle
 * handler reset the arena when none is open.
 *
 * <pre>
 *   quiet == no exchange is open and no message is on its way through the handlers behind
 * </pre>
 *
 * <p>Event loop only; one instance for each channel.
 */
final class MessageBoundary extends ChannelDuplexHandler {
  private final String kind;
  private final Exchanges exchanges;

  /** Whether this boundary gives way to one that the application adds. */
  private final boolean givesWay;

  /** Null before this handler is in place and after it has stepped back. */
  private @Nullable ArenaLifecycleHandler lifecycle;

  /** The number of messages on their way through the handlers behind, one within the other. */
  private int dispatching;

  /** Whether an exchange was open since the last reset. */
  private boolean wasOpen;

  MessageBoundary(String kind, Exchanges exchanges) {
    this(kind, exchanges, false);
  }

  MessageBoundary(String kind, Exchanges exchanges, boolean givesWay) {
    this.kind = kind;
    this.exchanges = exchanges;
    this.givesWay = givesWay;
  }

  // Place in the pipeline

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    ArenaLifecycleHandler before = requireLifecycleBefore(ctx);
    if (ctx.executor() != ctx.channel().eventLoop()) {
      throw refused(ctx, "on an executor of its own", "on the channel's event loop");
    }
    exchanges.requirePlace(ctx);
    link(before);
  }

  private ArenaLifecycleHandler requireLifecycleBefore(ChannelHandlerContext ctx) {
    ArenaLifecycleHandler before = null;
    for (Map.Entry<String, ChannelHandler> entry : ctx.pipeline()) {
      if (entry.getValue() instanceof ArenaLifecycleHandler found) {
        before = found;
      } else if (entry.getValue() == this) {
        break;
      }
    }
    if (before == null) {
      throw refused(
          ctx,
          "no ArenaLifecycleHandler before it",
          "pipeline.addFirst(new ArenaLifecycleHandler(…)) first, then the codec, then this");
    }
    MessageBoundary other = before.messages();
    ChannelHandlerContext place = other == null ? null : ctx.pipeline().context(other);
    if (place != null && !giveWay(place)) {
      throw refused(ctx, "a second boundary beside '" + place.name() + "'", "one");
    }
    return before;
  }

  private static boolean giveWay(ChannelHandlerContext other) {
    boolean givesWay = ((MessageBoundary) other.handler()).givesWay;
    if (givesWay) {
      other.pipeline().remove(other.handler());
    }
    return givesWay;
  }

  private IllegalStateException refused(ChannelHandlerContext ctx, String what, String expected) {
    return new IllegalStateException(
        "%s '%s': %s (expected: %s)".formatted(kind, ctx.name(), what, expected));
  }

  /** Has {@code lifecycle}'s arena reset where this boundary says, from now on. */
  void link(ArenaLifecycleHandler lifecycle) {
    this.lifecycle = lifecycle;
    lifecycle.messages(this);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    stepBack();
  }

  /** The lifecycle handler's own boundary takes over. */
  private void stepBack() {
    ArenaLifecycleHandler left = lifecycle;
    lifecycle = null;
    if (left != null && left.messages() == this) {
      left.messages(null);
    }
  }

  /** Links the boundary that stands behind {@code ctx} in its pipeline, if there is one. */
  static void linkBehind(ChannelHandlerContext ctx, ArenaLifecycleHandler handler) {
    if (ctx.pipeline().context(MessageBoundary.class) == null) {
      return; // the usual case, without a copy of the pipeline
    }
    boolean behind = false;
    for (Map.Entry<String, ChannelHandler> entry : ctx.pipeline()) {
      if (behind && entry.getValue() instanceof MessageBoundary found && found.lifecycle != null) {
        found.link(handler);
        return;
      }
      behind |= entry.getValue() == ctx.handler();
    }
  }

  // Messages

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (lifecycle == null) {
      ctx.fireChannelRead(message);
      return;
    }
    noteInbound(message);
    dispatching++;
    try {
      ctx.fireChannelRead(message);
    } finally {
      dispatching--;
      settle();
    }
  }

  /** Notes an inbound message that passed before this handler was in place. */
  void missed(Object message) {
    exchanges.inbound(message);
    noteOpen();
  }

  private void noteInbound(Object message) {
    try {
      exchanges.inbound(message);
    } catch (Throwable e) {
      ReferenceCountUtil.release(message);
      throw e;
    }
    noteOpen();
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    Runnable written = lifecycle == null ? null : noteOutbound(message);
    if (written == null) {
      ctx.write(message, promise);
    } else {
      writeEnd(ctx, message, promise, written);
    }
  }

  private @Nullable Runnable noteOutbound(Object message) {
    try {
      return exchanges.outbound(message);
    } catch (Throwable e) {
      ReferenceCountUtil.release(message);
      throw e;
    }
  }

  private void writeEnd(
      ChannelHandlerContext ctx, Object message, ChannelPromise promise, Runnable written) {
    noteOpen();
    Runnable ended = () -> ended(written);
    if (promise == ctx.voidPromise()) {
      ctx.write(message, new EndPromise(ctx, ended));
    } else {
      // It may belong to a handler with an executor of its own, and notify there.
      ctx.write(message, promise.unvoid().addListener(done -> onLoop(ctx.executor(), ended)));
    }
  }

  private static void onLoop(EventExecutor loop, Runnable task) {
    if (loop.inEventLoop()) {
      task.run();
    } else {
      loop.execute(task);
    }
  }

  private void ended(Runnable written) {
    written.run();
    settle();
  }

  // The end

  private void noteOpen() {
    wasOpen |= exchanges.isOpen();
  }

  boolean isQuiet() {
    return dispatching == 0 && !exchanges.isOpen();
  }

  /** Notes that the arena is about to be reset. */
  void resetting() {
    wasOpen = false;
  }

  private void settle() {
    ArenaLifecycleHandler told = lifecycle;
    if (!wasOpen || told == null || !isQuiet()) {
      return;
    }
    told.resetIfQuiet();
    if (exchanges.isOver()) {
      stepBack();
    }
  }
}
