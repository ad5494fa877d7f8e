package dev.tidepool.allocator;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import java.util.Objects;

/**
 * The initializer that wraps an application's own, and gives each channel its arena: an {@link
 * ArenaLifecycleHandler} first, before the application's handlers, and {@link
 * RequestBoundary#http1()} behind the codec of an HTTP/1.1 server.
 *
 * <pre>{@code
 * bootstrap.childHandler(new ArenaChannelInitializer(yourInitializer));
 * }</pre>
 *
 * <p>The codec may be {@code HttpServerCodec}, or {@code HttpRequestDecoder} and {@code
 * HttpResponseEncoder}. It may be added later, after ALPN or by a handler that finds the protocol
 * out, and when it is removed, as by an upgrade to WebSocket, so is the boundary. With any other
 * codec, and in clients, requests end at {@link RequestBoundary#readComplete()}; a boundary that
 * the application adds replaces the one that was found.
 *
 * <p>It wraps the handler of a client's {@code Bootstrap} too, and of streams: a channel whose
 * parent has an arena, such as an HTTP/2 stream, gets a child of that arena. See {@link
 * ArenaLifecycleHandler}.
 *
 * <pre>{@code
 * new Http2MultiplexHandler(new ArenaChannelInitializer(yourStreamInitializer));
 * }</pre>
 *
 * <p>One instance serves all channels, if the wrapped handler is sharable, as every {@code
 * ChannelInitializer} is.
 */
@ChannelHandler.Sharable
public final class ArenaChannelInitializer extends ChannelInitializer<Channel> {
  private final ArenaByteBufAllocator allocator;
  private final ChannelHandler handler;

  /**
   * An initializer whose arenas are of {@link ArenaByteBufAllocator#DEFAULT}.
   *
   * @param handler the application's initializer or handler; not null
   */
  public ArenaChannelInitializer(ChannelHandler handler) {
    this(ArenaByteBufAllocator.DEFAULT, handler);
  }

  /**
   * An initializer whose arenas are of {@code allocator}, unless the channel's parent has an arena.
   *
   * @param allocator not null
   * @param handler the application's initializer or handler; not null
   */
  public ArenaChannelInitializer(ArenaByteBufAllocator allocator, ChannelHandler handler) {
    this.allocator = Objects.requireNonNull(allocator, "allocator");
    this.handler = Objects.requireNonNull(handler, "handler");
  }

  @Override
  protected void initChannel(Channel channel) {
    ChannelPipeline pipeline = channel.pipeline();
    ArenaLifecycleHandler lifecycle = ArenaLifecycleHandler.detecting(allocator, false);
    pipeline.addFirst(lifecycle);
    pipeline.addAfter(pipeline.context(this).name(), null, handler);
    lifecycle.detectCodec(pipeline);
  }
}
