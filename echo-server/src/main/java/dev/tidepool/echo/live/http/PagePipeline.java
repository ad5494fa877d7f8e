package dev.tidepool.echo.live.http;

import dev.tidepool.echo.protocol.http.LingeringCloseHandler;
import dev.tidepool.echo.server.FaultLog;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.group.ChannelGroup;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flow.FlowControlHandler;
import java.util.List;

/** Builds the pipeline of each connection to the page, and takes it down again for a stream. */
final class PagePipeline extends ChannelInitializer<Channel> {
  private static final int LONGEST_LINE = 4096;
  private static final int LARGEST_HEAD = 8192;

  private final ConnectionLimit limit;
  private final RequestCheck check;
  private final Routes routes;
  private final FaultLog faults;
  private final ChannelGroup connections;

  PagePipeline(
      ConnectionLimit limit,
      RequestCheck check,
      Routes routes,
      FaultLog faults,
      ChannelGroup connections) {
    this.limit = limit;
    this.check = check;
    this.routes = routes;
    this.faults = faults;
    this.connections = connections;
  }

  @Override
  protected void initChannel(Channel channel) {
    connections.add(channel);
    Deadline deadline = new Deadline(Deadline.FIRST);
    channel
        .pipeline()
        .addLast(
            limit,
            deadline,
            new LingeringCloseHandler(),
            new HttpServerCodec(
                new HttpDecoderConfig()
                    .setMaxInitialLineLength(LONGEST_LINE)
                    .setMaxHeaderSize(LARGEST_HEAD)),
            ResponseHeaders.INSTANCE,
            new BodyLimit(),
            new FlowControlHandler(),
            new PageHandler(check, routes, deadline, faults));
  }

  /** Takes the handlers of HTTP out of {@code pipeline}, where bytes pass from now on. */
  static void endHttp(ChannelPipeline pipeline) {
    for (Class<? extends ChannelHandler> handler :
        List.of(
            Deadline.class,
            LingeringCloseHandler.class,
            HttpServerCodec.class,
            ResponseHeaders.class,
            BodyLimit.class,
            FlowControlHandler.class,
            PageHandler.class)) {
      pipeline.remove(handler);
    }
  }
}
