package dev.tidepool.allocator.channel;

import dev.tidepool.allocator.ArenaBudgetExceededException;
import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.allocator.ConnectionArena;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * First in a pipeline, gives the channel its own arena, resets it at the request boundary, and
 * closes it with the channel.
 *
 * <p>From then on {@code ctx.alloc()} is the connection's arena everywhere in the pipeline, and
 * receive buffers are trimmed to what arrived, so that their tails are free for the request. When
 * the handler is removed, the channel gets back the allocator it had.
 *
 * <p>Over its soft budget a channel is not read from: {@code autoRead} is off until half of the
 * budget is free, and a {@code read()} waits until then. Where a user manages {@code autoRead}
 * himself he keeps what he set; only what he turns off while it is off already cannot be seen,
 * unless he does so when writability changes. After an allocation that a budget refused, the
 * channel is closed: whoever asked for the memory gets the exception thrown, and Netty carries it
 * to the pipeline's {@code exceptionCaught} if nobody catches it; what nobody gets thrown, a read
 * that was refused or a channel that has to go as the heaviest, is fired there.
 *
 * <p>One instance a channel.
 */
public final class ArenaLifecycleHandler extends ChannelDuplexHandler {
  private static final AttributeKey<ConnectionArena> ARENA =
      AttributeKey.valueOf(ArenaLifecycleHandler.class, "ARENA");

  private final ArenaByteBufAllocator allocator;
  private final RequestBoundary boundary;
  private final ChannelFutureListener reset = future -> resetArena();
  private final ReadGate gate = new ReadGate(this::channelReadComplete);

  // Event loop only.
  private @Nullable ConnectionArena arena;
  private @Nullable ByteBufAllocator allocatorBefore;
  private @Nullable RecvByteBufAllocator recvAllocatorBefore;
  private @Nullable ChannelPromise lastWrite;
  private @Nullable ChannelPromise awaitedWrite;
  private boolean writesStayPending;
  private @Nullable ChannelBudget budget;

  /** Requests end at {@link RequestBoundary#readComplete()}. */
  public ArenaLifecycleHandler(ArenaByteBufAllocator allocator) {
    this(allocator, RequestBoundary.readComplete());
  }

  /** Requests end at {@code boundary}. */
  public ArenaLifecycleHandler(ArenaByteBufAllocator allocator, RequestBoundary boundary) {
    this.allocator = Objects.requireNonNull(allocator, "allocator");
    this.boundary = Objects.requireNonNull(boundary, "boundary");
  }

  /** The arena of {@code channel}, or null if it has none. */
  public static @Nullable ConnectionArena arena(Channel channel) {
    return channel.attr(ARENA).get();
  }

  // The arena's life is the channel's

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    ChannelConfig config = ctx.channel().config();
    allocatorBefore = config.getAllocator();
    recvAllocatorBefore = config.getRecvByteBufAllocator();
    config.setRecvByteBufAllocator(
        TrimmingRecvByteBufAllocator.wrap(
            config.<RecvByteBufAllocator>getRecvByteBufAllocator(),
            ctx.channel() instanceof DuplexChannel, // a stream of bytes; datagrams share buffers
            () -> config.getAllocator() == arena ? arena : null, // a user may have set another
            this::mayReadOn,
            this::refusedRead));
    if (ctx.channel().isRegistered()) {
      open(ctx);
    }
  }

  @Override
  public void channelRegistered(ChannelHandlerContext ctx) {
    if (arena == null) {
      open(ctx);
    }
    ctx.fireChannelRegistered();
  }

  /** The channel ends, or moves to another event loop, where it gets another arena. */
  @Override
  public void channelUnregistered(ChannelHandlerContext ctx) {
    endHolding();
    ctx.fireChannelUnregistered();
    close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    endHolding();
    ctx.fireChannelInactive();
    close();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    ChannelConfig config = ctx.channel().config();
    if (allocatorBefore != null && config.getAllocator() instanceof ConnectionArena) {
      config.setAllocator(allocatorBefore);
    }
    if (recvAllocatorBefore != null) {
      config.setRecvByteBufAllocator(recvAllocatorBefore);
    }
    close();
    ctx.channel().attr(ARENA).set(null);
  }

  private void open(ChannelHandlerContext ctx) {
    Channel channel = ctx.channel();
    ConnectionArena opened = allocator.newConnectionArena(channel.eventLoop(), channel);
    arena = opened;
    channel.attr(ARENA).set(opened);
    channel.config().setAllocator(opened);
    budget = new ChannelBudget(ctx, opened, gate);
    opened.budgetListener(budget);
  }

  private void close() {
    ConnectionArena closing = arena;
    if (closing != null) {
      arena = null;
      closing.close();
      endBudget();
    }
  }

  private void endBudget() {
    if (budget != null) {
      budget.end();
    }
  }

  // The request's end

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    ctx.fireChannelReadComplete();
    if (boundary.isAtReadComplete()) {
      resetWhenFlushed(ctx.channel());
    }
  }

  private void resetWhenFlushed(Channel channel) {
    ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();
    if (outbound == null || (outbound.isEmpty() && outbound.totalPendingWriteBytes() == 0)) {
      lastWrite = null;
      awaitedWrite = null;
      resetArena();
    } else if (lastWrite != null && lastWrite.isVoid()) {
      writesStayPending = true; // from the next one on they can be listened to
    } else if (lastWrite != null && lastWrite != awaitedWrite) {
      awaitedWrite = lastWrite;
      var unused = lastWrite.addListener(reset);
    }
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    boolean ends = endsRequest(message);
    ChannelPromise written = ends || writesStayPending ? promise.unvoid() : promise;
    if (ends) {
      var unused = written.addListener(reset);
    }
    lastWrite = written;
    var unused = ctx.write(message, written);
  }

  /** If the user's predicate throws, the write fails, and its message is nobody's but ours. */
  private boolean endsRequest(Object message) {
    try {
      return boundary.isAfter(message);
    } catch (Throwable e) {
      ReferenceCountUtil.release(message);
      throw e;
    }
  }

  private void resetArena() {
    ConnectionArena open = arena;
    if (open != null) {
      open.reset();
    }
  }

  // The budget

  @Override
  public void read(ChannelHandlerContext ctx) {
    if (!gate.holdsRead(ctx.channel().config())) {
      var unused = ctx.read();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!gate.holds(message)) {
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
  private @Nullable ChannelBudget openBudget() {
    return arena == null ? null : budget;
  }

  private void endHolding() {
    if (budget != null) {
      budget.endHolding();
    }
  }

  private boolean mayReadOn() {
    ChannelBudget open = openBudget();
    return open == null || open.mayReadOn();
  }

  private ByteBuf refusedRead(ArenaBudgetExceededException refusal, int capacity) {
    ChannelBudget open = openBudget();
    if (open == null) {
      throw refusal; // as if it had not come by here
    }
    return open.refusedRead(refusal, capacity);
  }
}
