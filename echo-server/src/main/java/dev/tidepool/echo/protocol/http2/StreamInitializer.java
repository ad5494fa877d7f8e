package dev.tidepool.echo.protocol.http2;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2StreamChannelOption;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Builds the pipeline of each stream's channel, whose allocator is its connection's, or a child of
 * its arena.
 */
@Sharable
final class StreamInitializer extends ChannelInitializer<Channel> {
  private final LongConsumer answered;
  private final Consumer<ChannelPipeline> arenas;

  StreamInitializer(LongConsumer answered, Consumer<ChannelPipeline> arenas) {
    this.answered = answered;
    this.arenas = arenas;
  }

  @Override
  protected void initChannel(Channel stream) {
    stream.config().setAllocator(stream.parent().alloc());
    arenas.accept(stream.pipeline());
    stream.config().setOption(Http2StreamChannelOption.AUTO_STREAM_FLOW_CONTROL, false);
    stream.pipeline().addLast(new StreamEchoHandler(answered));
  }
}
