package dev.tidepool.echo.server;

import dev.tidepool.echo.protocol.Protocol;
import dev.tidepool.echo.protocol.RequestProgress;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.group.ChannelGroup;

/** Builds the pipeline of each accepted connection, in the order that {@link Protocol} gives. */
final class ConnectionInitializer extends ChannelInitializer<Channel> {
  private final Protocol protocol;
  private final ServerMemory memory;
  private final ServerTotals totals;
  private final FaultLog faults;
  private final ChannelGroup connections;

  ConnectionInitializer(
      Protocol protocol,
      ServerMemory memory,
      ServerTotals totals,
      FaultLog faults,
      ChannelGroup connections) {
    this.protocol = protocol;
    this.memory = memory;
    this.totals = totals;
    this.faults = faults;
    this.connections = connections;
  }

  @Override
  protected void initChannel(Channel channel) {
    ChannelPipeline pipeline = channel.pipeline();
    memory.addArenaHandler(pipeline);
    RequestProgress progress = protocol.addServerCodec(pipeline);
    memory.addBoundary(pipeline, protocol.newBoundary());
    pipeline.addLast(
        new OrderlyCloseHandler(progress),
        protocol.newResponder(totals::answered),
        new BackPressureHandler(),
        new FaultHandler(progress, totals, faults));
    totals.connected();
    connections.add(channel);
  }
}
