package dev.tidepool.allocator;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.AttributeKey;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * First in a pipeline, gives the channel its own arena, resets it at the request boundary, and
 * closes it with the channel.
 *
 * <p>From then on {@code ctx.alloc()} is the connection's arena everywhere in the pipeline, and
 * receive buffers are trimmed to what arrived, so that their tails are free for the request. When
 * the handler is removed, the channel gets back the allocator it had. After the channel's close
 * {@code ctx.alloc()} is the shared allocator, and {@link #arena} still answers the arena, closed.
 *
 * <p>Here, at the head, only encoded bytes pass. A boundary that tells requests by their messages
 * is a handler of its own, behind the codec: {@link RequestBoundary#http1()}, {@link
 * RequestBoundary#messages}.
 *
 * <p>A channel that moves to another event loop gets an arena there, which its open request moves
 * to: callbacks, holds and budget.
 *
 * <p>Over its soft budget a channel is not read from: {@code autoRead} is off until half of the
 * budget is free, and a {@code read()} waits until then. A user's own setting of {@code autoRead}
 * meanwhile is kept, with one exception that cannot be seen: turning it off while it is off
 * already, outside of {@code channelWritabilityChanged}. After an allocation that a budget refused,
 * the channel is closed. Refusals are thrown to the allocating code, and Netty fires what it does
 * not catch as {@code exceptionCaught}; refusals with no caller (of a read, or of a channel that
 * has to go as the heaviest) are fired as {@code exceptionCaught} by this handler.
 *
 * <p>One instance a channel, one in a pipeline: a second is refused by an {@link
 * IllegalStateException} that names the first.
 */
public final class ArenaLifecycleHandler extends ChannelDuplexHandler {
  private static final AttributeKey<ConnectionArena> ARENA =
      AttributeKey.valueOf(ArenaLifecycleHandler.class, "ARENA");
  private static final AttributeKey<ArenaLifecycleHandler> HANDLER =
      AttributeKey.valueOf(ArenaLifecycleHandler.class, "HANDLER");

  private final ArenaByteBufAllocator allocator;
  private final RequestBoundary boundary;
  private final Runnable reset = this::resetIfQuiet;
  private final ReadBurst burst = new ReadBurst(reset);
  private final ReadGate gate = new ReadGate(this::passReadComplete);

  // Event loop only.
  private @Nullable Channel channel;
  private @Nullable ConnectionArena arena;
  private @Nullable ConfigOverride override;
  private @Nullable MessageBoundary messages;
  private @Nullable BudgetEnforcer budget;

  /** Requests end at {@link RequestBoundary#readComplete()}. */
  public ArenaLifecycleHandler(ArenaByteBufAllocator allocator) {
    this(allocator, RequestBoundary.readComplete());
  }

  /** Requests end at {@code boundary}, unless a boundary by messages takes over. */
  public ArenaLifecycleHandler(ArenaByteBufAllocator allocator, RequestBoundary boundary) {
    this.allocator = Objects.requireNonNull(allocator, "allocator");
    this.boundary = Objects.requireNonNull(boundary, "boundary");
  }

  /**
   * The arena of {@code channel}; closed, once the channel is. Null if there was no handler, or it
   * was removed.
   */
  public static @Nullable ConnectionArena arena(Channel channel) {
    return channel.attr(ARENA).get();
  }

  // The arena's life is the channel's

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    requireOnlyOne(ctx);
    channel = ctx.channel();
    ArenaLifecycleHandler replaced = ctx.channel().attr(HANDLER).getAndSet(this);
    override =
        ConfigOverride.install(
            ctx.channel().config(), replaced == null ? null : replaced.override, this::trimming);
    if (ctx.channel().isRegistered()) {
      open(ctx, newArena(ctx.channel()));
    }
    MessageBoundary behind = MessageBoundary.behind(ctx);
    if (behind != null) {
      behind.link(this);
    }
  }

  private void requireOnlyOne(ChannelHandlerContext ctx) {
    for (Map.Entry<String, ChannelHandler> entry : ctx.pipeline()) {
      if (entry.getValue() instanceof ArenaLifecycleHandler && entry.getValue() != this) {
        throw new IllegalStateException(
            "ArenaLifecycleHandler '%s': a second one beside '%s' (expected: one in a pipeline)"
                .formatted(ctx.name(), entry.getKey()));
      }
    }
  }

  private RecvByteBufAllocator trimming(RecvByteBufAllocator receiving) {
    return TrimmingRecvByteBufAllocator.wrap(
        receiving,
        channel instanceof DuplexChannel, // a stream of bytes; datagrams share buffers
        this::arenaOfReads,
        this::mayReadOn,
        this::refusedRead);
  }

  /** Null where a user has set another allocator since. */
  private @Nullable ConnectionArena arenaOfReads() {
    ConfigOverride installed = override;
    return installed != null && installed.isAllocatingFrom(arena) ? arena : null;
  }

  private ConnectionArena newArena(Channel channel) {
    return allocator.newConnectionArena(channel.eventLoop(), channel);
  }

  private void open(ChannelHandlerContext ctx, ConnectionArena opened) {
    arena = opened;
    ctx.channel().attr(ARENA).set(opened);
    if (override != null) {
      override.allocateFrom(opened);
    }
    budget = new BudgetEnforcer(ctx, opened, gate);
    opened.budgetListener(budget);
    opened.unheldListener(reset);
    if (opened.isUnderPressure()) { // it came with the connection from another event loop
      budget.pressureChanged();
    }
  }

  /** The first time, or again on the same event loop or another. */
  @Override
  public void channelRegistered(ChannelHandlerContext ctx) {
    ConnectionArena before = arena;
    if (before == null || before.isClosed()) {
      endBudget(); // that of an arena which a user closed would hold the gate shut
      open(ctx, newArena(ctx.channel()));
    } else {
      move(ctx, before);
    }
    ctx.fireChannelRegistered();
  }

  private void move(ChannelHandlerContext ctx, ConnectionArena before) {
    ConnectionArena moved = before.moveTo(ctx.channel().eventLoop());
    if (moved != before) {
      endBudget();
      open(ctx, moved);
    }
  }

  /** The channel has closed; or it moves to another event loop, and closes in its time. */
  @Override
  public void channelUnregistered(ChannelHandlerContext ctx) {
    endHolding();
    ctx.fireChannelUnregistered();
    if (!ctx.channel().isOpen()) {
      close();
    } else if (arena != null) {
      closeWith(ctx.channel(), arena);
    }
  }

  private static void closeWith(Channel channel, ConnectionArena arena) {
    channel.closeFuture().addListener(closed -> arena.close());
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    endHolding();
    ctx.fireChannelInactive();
    close();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (override == null) {
      return; // it was refused
    }
    ctx.channel().attr(HANDLER).compareAndSet(this, null);
    if (ctx.channel().isOpen()) {
      leave(ctx.channel());
    } else {
      close();
    }
  }

  private void close() {
    ConnectionArena closing = arena;
    if (closing != null) {
      arena = null;
      if (override != null) {
        override.fallBackTo(allocator);
      }
      closing.close();
      endBudget();
    }
  }

  /** The channel goes on without this arena: what is alive in it is no leak before its close. */
  private void leave(Channel channel) {
    ConnectionArena left = arena;
    arena = null;
    if (override != null) {
      override.undo();
    }
    if (left != null) {
      left.retire();
      closeWith(channel, left);
      endBudget();
      channel.attr(ARENA).compareAndSet(left, null);
    }
  }

  private void endBudget() {
    if (budget != null) {
      budget.end();
    }
  }

  // The request's end

  /** The boundary that stands behind the codec, while there is one. */
  @Nullable MessageBoundary messages() {
    return messages;
  }

  void messages(@Nullable MessageBoundary messages) {
    this.messages = messages;
  }

  /** The one place where a boundary ends requests: never while one is open. Event loop only. */
  void resetIfQuiet() {
    ConnectionArena open = arena;
    if (open != null && !open.isHeld() && isQuiet()) {
      if (messages != null) {
        messages.resetting();
      }
      open.reset();
    }
  }

  private boolean isQuiet() {
    return messages != null
        ? messages.isQuiet()
        : boundary.isAtReadComplete() && channel != null && burst.isOver(channel);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (gate.holdsReadComplete()) {
      readBurstEnded();
    } else {
      passReadComplete(ctx);
    }
  }

  private void passReadComplete(ChannelHandlerContext ctx) {
    ctx.fireChannelReadComplete();
    readBurstEnded();
  }

  private void readBurstEnded() {
    burst.complete();
    if (messages == null) {
      resetIfQuiet();
    }
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    boolean endsByWrites = messages == null && boundary.isAtReadComplete();
    ctx.write(message, endsByWrites ? burst.writing(promise) : promise);
  }

  // The budget

  @Override
  public void read(ChannelHandlerContext ctx) {
    if (!gate.holdsRead(ctx.channel().config())) {
      ctx.read();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!gate.holds(message)) {
      burst.begin();
      ctx.fireChannelRead(message);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    gate.lendAutoRead(ctx.channel().config(), ctx::fireChannelWritabilityChanged);
  }

  /** The end of the input comes after what was read. */
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == ChannelInputShutdownEvent.INSTANCE) {
      endHolding();
    }
    ctx.fireUserEventTriggered(event);
  }

  /** Null where there is no arena: the channel's reads come by even when the handler has gone. */
  private @Nullable BudgetEnforcer openBudget() {
    return arena == null ? null : budget;
  }

  private void endHolding() {
    if (budget != null) {
      budget.endHolding();
    }
  }

  private boolean mayReadOn() {
    BudgetEnforcer open = openBudget();
    return open == null || open.mayReadOn();
  }

  private ByteBuf refusedRead(ArenaBudgetExceededException refusal, int capacity) {
    BudgetEnforcer open = openBudget();
    if (open == null) {
      throw refusal; // as if it had not come by here
    }
    return open.refusedRead(refusal, capacity);
  }
}
