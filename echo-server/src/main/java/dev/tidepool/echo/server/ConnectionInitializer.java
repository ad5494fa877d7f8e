package dev.tidepool.echo.server;

import dev.tidepool.echo.protocol.EchoProtocol;
import dev.tidepool.echo.protocol.RequestProgress;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.group.ChannelGroup;

/** Lays the pipeline of each accepted connection. */
final class ConnectionInitializer extends ChannelInitializer<Channel> {
  private final EchoProtocol protocol;
  private final ServerMemory memory;
  private final ServerTotals totals;
  private final FaultLog faults;
  private final ChannelGroup connections;

  ConnectionInitializer(
      EchoProtocol protocol,
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
    memory.install(pipeline);
    RequestProgress progress = protocol.install(pipeline);
    pipeline.addLast(
        new OrderlyCloseHandler(progress),
        new EchoHandler(totals),
        new FaultHandler(progress, totals, faults));
    totals.connected();
    connections.add(channel);
  }
}
