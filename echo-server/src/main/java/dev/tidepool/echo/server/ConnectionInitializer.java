package dev.tidepool.echo.server;

import dev.tidepool.echo.protocol.Protocol;
import dev.tidepool.echo.protocol.RequestProgress;
import dev.tidepool.echo.tls.ServerTls;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.group.ChannelGroup;
import org.jspecify.annotations.Nullable;

/** Builds the pipeline of each accepted connection, in the order that {@link Protocol} gives. */
final class ConnectionInitializer extends ChannelInitializer<Channel> {
  private final Protocol protocol;
  private final @Nullable ServerTls tls;
  private final ServerMemory memory;
  private final ServerTotals totals;
  private final FaultLog faults;
  private final ChannelGroup connections;

  ConnectionInitializer(
      Protocol protocol,
      ServerMemory memory,
      ServerTotals totals,
      FaultLog faults,
      ChannelGroup connections,
      @Nullable ServerTls tls) {
    this.protocol = protocol;
    this.tls = tls;
    this.memory = memory;
    this.totals = totals;
    this.faults = faults;
    this.connections = connections;
  }

  @Override
  protected void initChannel(Channel channel) {
    ChannelPipeline pipeline = channel.pipeline();
    memory.addArenaHandler(pipeline);
    if (tls != null) {
      tls.addHandlers(pipeline);
    }
    RequestProgress progress = protocol.addServerCodec(pipeline);
    memory.addBoundary(pipeline, protocol.newBoundary());
    pipeline.addLast(
        new OrderlyCloseHandler(progress),
        protocol.newResponder(totals::answered, memory::addArenaHandler),
        new BackPressureHandler(),
        new FaultHandler(progress, totals, faults));
    totals.connected();
    connections.add(channel);
  }
}
