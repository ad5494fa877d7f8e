package dev.tidepool.echo.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The handler at the socket that sends a byte at a time, each in a write of its own. Its event loop
 * serves the other connections between two. Event loop only.
 */
final class Dribbler extends ChannelOutboundHandlerAdapter {
  /** Bytes that wait, above which the channel is not writable. */
  private static final int HIGH_WATER = 64 << 10;

  private static final int WRITABILITY = 2;

  private final Queue<Pending> queue = new ArrayDeque<>();
  private int waiting;
  private boolean sending;

  /** Bytes that are to be sent, and the promise of the write that they came with. */
  private static final class Pending {
    private final ByteBuf bytes;
    private final ChannelPromise promise;

    Pending(ByteBuf bytes, ChannelPromise promise) {
      this.bytes = bytes;
      this.promise = promise;
    }

    void fail(Throwable cause) {
      bytes.release();
      promise.tryFailure(cause);
    }
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    if (message instanceof ByteBuf bytes && bytes.isReadable()) {
      queue.add(new Pending(bytes, promise));
      count(ctx, bytes.readableBytes());
    } else {
      ctx.write(message, promise);
    }
  }

  private void count(ChannelHandlerContext ctx, int bytes) {
    waiting += bytes;
    ChannelOutboundBuffer outbound = ctx.channel().unsafe().outboundBuffer();
    if (outbound != null) { // null: closed
      outbound.setUserDefinedWritability(WRITABILITY, waiting <= HIGH_WATER);
    }
  }

  @Override
  public void flush(ChannelHandlerContext ctx) {
    ctx.flush();
    if (!sending) {
      sendByte(ctx);
    }
  }

  private void sendByte(ChannelHandlerContext ctx) {
    Pending first = queue.peek();
    sending = first != null;
    if (first != null) {
      ctx.writeAndFlush(first.bytes.readRetainedSlice(1))
          .addListener(written -> sent(ctx, first, written.cause()));
    }
  }

  private void sent(ChannelHandlerContext ctx, Pending first, @Nullable Throwable failure) {
    if (failure != null) {
      failAll(failure);
    } else if (first == queue.peek()) { // else the connection has been closed meanwhile
      if (!first.bytes.isReadable()) {
        queue.remove();
        first.bytes.release();
        first.promise.trySuccess();
      }
      count(ctx, -1);
      ctx.executor().execute(() -> sendByte(ctx));
    }
  }

  private void failAll(Throwable cause) {
    for (Pending next = queue.poll(); next != null; next = queue.poll()) {
      next.fail(cause);
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    failAll(new ClosedChannelException());
  }
}
