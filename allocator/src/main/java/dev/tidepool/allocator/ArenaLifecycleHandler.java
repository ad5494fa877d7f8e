package dev.tidepool.allocator;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.AttributeKey;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The handler, first in a pipeline, that gives a channel its own arena, resets it at the request
 * boundary, and closes it with the channel.
 *
 * <p>While it is in the pipeline {@code ctx.alloc()} is the connection's arena everywhere, and
 * receive buffers are trimmed to what arrived, so that their tails are free for the request. When
 * it is removed, the channel gets back the allocator it had. After the channel's close {@code
 * ctx.alloc()} is the shared allocator, and {@link #arena} still returns the arena, closed.
 *
 * <p>Only encoded bytes pass at the head. A boundary that recognises requests by their messages is
 * therefore a handler of its own, behind the codec: {@link RequestBoundary#http1()}, {@link
 * RequestBoundary#messages}.
 *
 * <p>A channel whose parent has an arena, such as an HTTP/2 stream, gets a child of that arena: it
 * counts against the connection's budget, and closes with the stream or the connection. A stream is
 * one request, unless a boundary by messages says otherwise. While it waits it holds no block
 * without living buffers. A refused allocation closes the stream alone.
 *
 * <p>A channel that moves to another event loop gets an arena there. Its open request moves along:
 * callbacks, holds and budget.
 *
 * <p>Over its soft budget a channel is not read from: {@code autoRead} is off until half of the
 * budget is free, and a {@code read()} waits until then. HTTP/2 is the exception: its window
 * updates have to be read before what is written can go out. Streams with arenas do not open their
 * windows meanwhile. What the application sets {@code autoRead} to is kept, with one exception that
 * the handler cannot see: turning it off while it is off already, outside of {@code
 * channelWritabilityChanged}. After an allocation that a budget refused, the channel is closed.
 * Refusals are thrown to the allocating code, and Netty fires what that does not catch as {@code
 * exceptionCaught}. Refusals with no caller (reads, closing the heaviest connection) are fired as
 * {@code exceptionCaught} by this handler.
 *
 * <p>Each channel needs its own instance, and a pipeline takes one: {@code handlerAdded} of a
 * second throws an {@link IllegalStateException} that names the first.
 */
public final class ArenaLifecycleHandler extends ChannelDuplexHandler {
  private static final AttributeKey<ArenaLifecycleHandler> HANDLER =
      AttributeKey.valueOf(ArenaLifecycleHandler.class, "HANDLER");

  private final RequestBoundary boundary;
  private final @Nullable CodecDetector detector;
  private final Callbacks callbacks = new Callbacks();
  private volatile @Nullable ConnectionArena latest; // closed once the channel is
  // Event loop only. What only some channels need is null in the others: each costs heap.
  private ArenaByteBufAllocator allocator;
  private @Nullable ConnectionArena stream; // of a stream: holds no empty block while it waits
  private @Nullable ChannelHandlerContext ctx;
  private @Nullable ConnectionArena arena;
  private @Nullable ConfigOverride override;
  private @Nullable MessageBoundary messages;
  private @Nullable BudgetEnforcer budget; // of an arena with a budget

  /**
   * A handler whose requests end at {@link RequestBoundary#readComplete()}.
   *
   * @param allocator the arena's; not null
   */
  public ArenaLifecycleHandler(ArenaByteBufAllocator allocator) {
    this(allocator, RequestBoundary.readComplete());
  }

  /**
   * A handler whose requests end at {@code boundary}, or where a boundary by messages says while
   * one is in the pipeline.
   *
   * @param allocator the arena's; not null
   * @param boundary not null
   */
  public ArenaLifecycleHandler(ArenaByteBufAllocator allocator, RequestBoundary boundary) {
    this(allocator, boundary, null);
  }

  private ArenaLifecycleHandler(
      ArenaByteBufAllocator allocator, RequestBoundary boundary, @Nullable CodecDetector detector) {
    this.allocator = Objects.requireNonNull(allocator, "allocator");
    this.boundary = Objects.requireNonNull(boundary, "boundary");
    this.detector = detector;
  }

  /**
   * A handler that puts the boundary behind the codec that it finds in the pipeline.
   *
   * @param givesWay whether the application knows nothing of it: then it gives way to one of the
   *     application's, and the arena is of the channel's own allocator if that can make one
   */
  static ArenaLifecycleHandler detecting(ArenaByteBufAllocator allocator, boolean givesWay) {
    return new ArenaLifecycleHandler(
        allocator, RequestBoundary.readComplete(), new CodecDetector(givesWay));
  }

  /**
   * {@return the arena of {@code channel}, closed once the channel is} Any thread.
   *
   * @param channel whose arena is null before a handler serves it, and after that was removed
   */
  public static @Nullable ConnectionArena arena(Channel channel) {
    ArenaLifecycleHandler serving = channel.attr(HANDLER).get();
    return serving == null ? null : serving.latest;
  }

  // The arena's life

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    OneLifecycleHandler.require(ctx, ctx.channel().attr(HANDLER).get());
    this.ctx = ctx;
    if (givesWay() && ctx.channel().config().getAllocator() instanceof ArenaByteBufAllocator own) {
      allocator = own;
    }
    latest = OneLifecycleHandler.arenaBefore(ctx.channel());
    ArenaLifecycleHandler replaced = ctx.channel().attr(HANDLER).getAndSet(this);
    ConfigOverride former = replaced == null ? null : replaced.override;
    override = ConfigOverride.install(ctx.channel(), former, callbacks);
    if (ctx.channel().isRegistered()) {
      open(ctx, StreamArenas.open(allocator, ctx.channel()));
    }
    MessageBoundary.linkBehind(ctx, this);
  }

  private void open(ChannelHandlerContext ctx, ConnectionArena opened) {
    arena = opened;
    latest = opened;
    if (override != null) {
      override.allocateFrom(opened);
    }
    stream = opened.isRoot() ? null : opened;
    opened.unheldListener(callbacks);
    budget = opened.budget() == null ? null : enforce(ctx, opened);
  }

  private BudgetEnforcer enforce(ChannelHandlerContext ctx, ConnectionArena opened) {
    ReadGate gate =
        budget != null ? budget.gate : new ReadGate(this::passReadComplete, callbacks.isReading());
    return BudgetEnforcer.begin(ctx, opened, gate);
  }

  /** Called at the first registration and each further one, on any event loop. */
  @Override
  public void channelRegistered(ChannelHandlerContext ctx) {
    ConnectionArena before = arena;
    if (before == null || before.isClosed()) {
      endBudget(); // of a closed arena: reads would wait for it
      open(ctx, StreamArenas.open(allocator, ctx.channel()));
    } else {
      move(ctx, before);
    }
    detectCodec(ctx.pipeline()); // the application's initializer has run
    if (budget != null && stream != null) {
      budget.pressureChanged(); // the connection's began before the stream did
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

  /** The channel has closed, or it moves to another event loop and closes later. */
  @Override
  public void channelUnregistered(ChannelHandlerContext ctx) {
    endHolding();
    ctx.fireChannelUnregistered();
    if (!ctx.channel().isOpen()) {
      close();
    } else if (arena != null) {
      arena.closeWith(ctx.channel());
    }
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
      return; // handlerAdded had refused it
    }
    if (detector != null) {
      detector.end(ctx.pipeline());
    }
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

  /** The channel goes on without this arena. What is alive in it is no leak before its close. */
  private void leave(Channel channel) {
    ConnectionArena left = arena;
    arena = null;
    if (override != null) {
      override.undo();
    }
    if (left != null) {
      left.retire();
      left.closeWith(channel);
      endBudget();
    }
    channel.attr(HANDLER).compareAndSet(this, null);
  }

  private void endBudget() {
    if (budget != null) {
      budget.end();
    }
  }

  // The request's end

  /** Whether the application knows nothing of this handler. */
  boolean givesWay() {
    return detector != null && detector.givesWay;
  }

  /** The boundary that stands behind the codec, while there is one. */
  @Nullable MessageBoundary messages() {
    return messages;
  }

  void messages(@Nullable MessageBoundary messages) {
    this.messages = messages;
  }

  /** Looks again which codec there is. Event loop only. */
  void detectCodec(ChannelPipeline pipeline) {
    if (detector != null) {
      detector.detect(this, pipeline);
    }
  }

  /** Resets the arena unless a request is open; the one reset of boundaries. Event loop only. */
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
    ReadBurst ending = endingBurst();
    return messages != null
        ? messages.isQuiet()
        : ending != null && ctx != null && ending.isOver(ctx.channel());
  }

  /** The burst whose end is the request's; null otherwise, as in a stream, which is one request. */
  private @Nullable ReadBurst endingBurst() {
    return messages == null && boundary.isAtReadComplete() && stream == null ? callbacks : null;
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (budget != null && budget.gate.holdsReadComplete()) {
      readBurstEnded();
    } else {
      passReadComplete(ctx);
    }
  }

  private void passReadComplete(ChannelHandlerContext ctx) {
    ctx.fireChannelReadComplete();
    readBurstEnded();
    detectCodec(ctx.pipeline()); // messages may have changed the pipeline
  }

  private void readBurstEnded() {
    callbacks.complete();
    if (messages == null) {
      resetIfQuiet();
    }
    if (stream != null) {
      stream.giveBackWhenEmpty();
    }
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    ReadBurst ending = endingBurst();
    ChannelPromise passed = stream == null ? promise : StreamArenas.writing(stream, promise);
    ctx.write(message, ending != null ? ending.writing(passed) : passed);
  }

  @Override
  public void flush(ChannelHandlerContext ctx) {
    if (stream != null) {
      stream.giveBackWhenEmpty(); // before its writes are released
    }
    ctx.flush();
  }

  // The budget

  @Override
  public void read(ChannelHandlerContext ctx) {
    if (budget == null || !budget.holdsRead()) {
      ctx.read();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (budget != null && budget.gate.holds(message)) {
      return;
    }
    if (stream == null) {
      callbacks.begin();
    }
    ctx.fireChannelRead(message);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (budget == null) {
      ctx.fireChannelWritabilityChanged();
    } else {
      budget.gate.lendAutoRead(ctx.channel().config(), ctx::fireChannelWritabilityChanged);
    }
  }

  /** Held messages go before the end of the input. */
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == ChannelInputShutdownEvent.INSTANCE) {
      endHolding();
    }
    ctx.fireUserEventTriggered(event);
  }

  private void endHolding() {
    if (budget != null) {
      budget.endHolding();
    }
  }

  /** The read burst, and what others call back: one object, as every idle connection keeps it. */
  private final class Callbacks extends ReadBurst implements TrimmingRecvByteBufAllocator.Reader {
    /** The last hold was closed, or the writes of a burst are complete. */
    @Override
    public void run() {
      resetIfQuiet();
    }

    /** Null too if the application has set another allocator since. */
    @Override
    public @Nullable ConnectionArena arena() {
      return override == null ? null : override.arenaInUse();
    }

    @Override
    public boolean mayReadOn() {
      return arena == null || budget == null || budget.mayReadOn();
    }

    /** Also of an allocator that the application has set: this channel may have no budget. */
    @Override
    public ByteBuf refused(ArenaBudgetExceededException refusal, int capacity) {
      if (arena == null || ctx == null) {
        throw refusal; // as without this handler
      }
      budget = budget == null ? enforce(ctx, arena) : budget;
      return budget.refusedRead(refusal, capacity);
    }
  }
}
