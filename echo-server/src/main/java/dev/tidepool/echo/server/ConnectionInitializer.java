package dev.tidepool.echo.server;

import dev.tidepool.echo.protocol.Protocol;
import dev.tidepool.echo.protocol.RequestProgress;
import dev.tidepool.echo.protocol.SpokenProtocol;
import dev.tidepool.echo.tls.ServerTls;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.group.ChannelGroup;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Builds the pipeline of each accepted connection, in the order that {@link Protocol} gives. */
final class ConnectionInitializer extends ChannelInitializer<Channel> {
  private final Protocol protocol;
  private final @Nullable ServerTls tls;
  private final ServerMemory memory;
  private final ServerTotals totals;
  private final FaultLog faults;
  private final ChannelGroup connections;
  private final ConnectionProbe probe;

  ConnectionInitializer(
      Protocol protocol,
      ServerMemory memory,
      ServerTotals totals,
      FaultLog faults,
      ChannelGroup connections,
      @Nullable ServerTls tls,
      ConnectionProbe probe) {
    this.protocol = protocol;
    this.tls = tls;
    this.memory = memory;
    this.totals = totals;
    this.faults = faults;
    this.connections = connections;
    this.probe = probe;
  }

  @Override
  protected void initChannel(Channel channel) {
    ChannelPipeline pipeline = channel.pipeline();
    memory.addArenaHandler(pipeline);
    if (tls != null) {
      tls.addHandlers(pipeline);
    }
    RequestProgress progress = protocol.addServerCodec(pipeline);
    LongConsumer answered = answered(pipeline, progress);
    memory.addBoundary(pipeline, protocol.newBoundary());
    pipeline.addLast(
        new OrderlyCloseHandler(progress),
        protocol.newResponder(answered, memory::addArenaHandler),
        new BackPressureHandler(),
        new FaultHandler(progress, totals, faults));
    totals.connected();
    connections.add(channel);
  }

  private LongConsumer answered(ChannelPipeline pipeline, RequestProgress progress) {
    if (probe == ConnectionProbe.NONE) {
      return totals::answered;
    }
    SpokenProtocol.set(pipeline.channel(), protocol.firstSpoken());
    Runnable watched = probe.watch(pipeline, progress);
    return bytes -> {
      totals.answered(bytes);
      watched.run();
    };
  }
}
