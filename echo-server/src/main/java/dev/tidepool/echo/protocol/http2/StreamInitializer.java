package dev.tidepool.echo.protocol.http2;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http2.Http2StreamChannelOption;
import java.util.function.LongConsumer;

/** Builds the pipeline of each stream's channel, whose buffers are its connection's. */
@Sharable
final class StreamInitializer extends ChannelInitializer<Channel> {
  private final LongConsumer answered;

  StreamInitializer(LongConsumer answered) {
    this.answered = answered;
  }

  @Override
  protected void initChannel(Channel stream) {
    stream.config().setAllocator(stream.parent().alloc());
    stream.config().setOption(Http2StreamChannelOption.AUTO_STREAM_FLOW_CONTROL, false);
    stream.pipeline().addLast(new StreamEchoHandler(answered));
  }
}
