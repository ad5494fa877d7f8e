package dev.tidepool.allocator.channel;

import dev.tidepool.allocator.ArenaBudgetExceededException;
import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.allocator.ConnectionArena;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.RecvByteBufAllocator;
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
 * <p>One instance a channel.
 */
public final class ArenaLifecycleHandler extends ChannelDuplexHandler {
  private static final AttributeKey<ConnectionArena> ARENA =
      AttributeKey.valueOf(ArenaLifecycleHandler.class, "ARENA");

  private final ArenaByteBufAllocator allocator;
  private final RequestBoundary boundary;
  private final ChannelFutureListener reset = future -> resetArena();

  // Event loop only.
  private @Nullable ConnectionArena arena;
  private @Nullable ByteBufAllocator allocatorBefore;
  private @Nullable RecvByteBufAllocator recvAllocatorBefore;
  private @Nullable ChannelPromise lastWrite;
  private @Nullable ChannelPromise awaitedWrite;
  private boolean writesStayPending;
  private boolean readingPaused;

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
    if (ctx.channel() instanceof DuplexChannel) { // a stream of bytes; datagrams share buffers
      config.setRecvByteBufAllocator(
          TrimmingRecvByteBufAllocator.wrap(
              config.<RecvByteBufAllocator>getRecvByteBufAllocator(),
              refusal -> refusedToRead(ctx, refusal)));
    }
    if (ctx.channel().isRegistered()) {
      open(ctx.channel());
    }
  }

  @Override
  public void channelRegistered(ChannelHandlerContext ctx) {
    if (arena == null) {
      open(ctx.channel());
    }
    ctx.fireChannelRegistered();
  }

  /** The channel ends, or moves to another event loop, where it gets another arena. */
  @Override
  public void channelUnregistered(ChannelHandlerContext ctx) {
    ctx.fireChannelUnregistered();
    close(ctx.channel());
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    ctx.fireChannelInactive();
    close(ctx.channel());
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
    close(ctx.channel());
    ctx.channel().attr(ARENA).set(null);
  }

  private void open(Channel channel) {
    ConnectionArena opened = allocator.newConnectionArena(channel.eventLoop(), channel);
    arena = opened;
    channel.attr(ARENA).set(opened);
    channel.config().setAllocator(opened);
    opened.onPressureChange(() -> applyPressure(opened, channel));
  }

  private void close(Channel channel) {
    ConnectionArena closing = arena;
    if (closing != null) {
      arena = null;
      closing.close();
      resumeReading(channel);
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

  // Over the soft budget reading pauses; over the hard one the connection goes

  /** Leaves a user alone who does not read automatically: what he asks for, he gets. */
  private void applyPressure(ConnectionArena of, Channel channel) {
    if (of != arena) {
      return; // closed meanwhile
    }
    if (!of.isUnderPressure()) {
      resumeReading(channel);
    } else if (channel.config().isAutoRead()) {
      readingPaused = true;
      var unused = channel.config().setAutoRead(false);
    }
  }

  private void resumeReading(Channel channel) {
    if (readingPaused) {
      readingPaused = false;
      var unused = channel.config().setAutoRead(true);
    }
  }

  /** Not thrown at the transport: io_uring's event loop stumbles over it. The channel goes soon. */
  private ByteBufAllocator refusedToRead(
      ChannelHandlerContext ctx, ArenaBudgetExceededException refusal) {
    ctx.executor()
        .execute(
            () -> {
              if (ctx.channel().isOpen() && !ctx.isRemoved()) {
                exceptionCaught(ctx, refusal);
              }
            });
    return allocator;
  }

  @Override
  @SuppressWarnings("deprecation") // inbound, and not deprecated there
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.fireExceptionCaught(cause);
    if (cause instanceof ArenaBudgetExceededException) {
      var unused = ctx.close();
    }
  }
}
