package dev.tidepool.echo.server;

import dev.tidepool.echo.protocol.RequestProgress;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * The handler where only bytes pass that measures a connection's requests, from the first byte read
 * to the last byte flushed. Of requests that come together (pipelined, or in streams of HTTP/2)
 * each that is answered in a burst counts with the time of the burst.
 */
final class LatencyHandler extends ChannelDuplexHandler {
  private final SingleWriterRecorder latencies;
  private final RequestProgress progress;
  private boolean begun;
  private long beginNanos;
  private int answered;

  /**
   * @param latencies those of the channel's event loop
   */
  LatencyHandler(SingleWriterRecorder latencies, RequestProgress progress) {
    this.latencies = latencies;
    this.progress = progress;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!begun) {
      begun = true;
      beginNanos = System.nanoTime();
    }
    ctx.fireChannelRead(message);
  }

  /** What was no request, such as a handshake or a ping, is not the begin of the next. */
  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    ctx.fireChannelReadComplete();
    if (answered == 0 && !progress.midRequest()) {
      begun = false;
    }
  }

  /** The answer to a request has been written, and is yet to be flushed. */
  void answered() {
    answered++;
  }

  @Override
  public void flush(ChannelHandlerContext ctx) {
    ctx.flush();
    if (answered > 0 && begun) {
      int count = answered;
      answered = 0;
      begun = false;
      if (isFlushed(ctx.channel())) {
        record(beginNanos, count);
      } else {
        recordWhenFlushed(ctx, beginNanos, count);
      }
    }
  }

  /** Whether the transport has taken all; of a channel that is closed too, which is at its end. */
  private static boolean isFlushed(Channel channel) {
    return channel.bytesBeforeUnwritable() == channel.config().getWriteBufferHighWaterMark();
  }

  /** A write without bytes is done when all before it are. */
  private void recordWhenFlushed(ChannelHandlerContext ctx, long begin, int count) {
    ChannelPromise written = ctx.newPromise();
    written.addListener(
        done -> {
          if (done.isSuccess()) {
            record(begin, count);
          }
        });
    ctx.writeAndFlush(Unpooled.EMPTY_BUFFER, written);
  }

  private void record(long begin, int count) {
    long nanos = Math.min(System.nanoTime() - begin, Latencies.LONGEST_NANOS);
    latencies.recordValueWithCount(nanos, count);
  }
}
