package dev.tidepool.echo.load;

import dev.tidepool.echo.protocol.ProtocolClient;
import dev.tidepool.echo.tls.ClientTls;
import dev.tidepool.echo.transport.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import java.util.List;

/** Opens the connections of a load, no faster than it may. Thread-safe. */
final class Connector {
  private final LoadSettings settings;
  private final Bootstrap bootstrap;
  private final ConnectRate rate;

  Connector(LoadSettings settings, Transport transport) {
    this.settings = settings;
    this.rate = new ConnectRate(settings.connectRate(), System::nanoTime);
    this.bootstrap =
        new Bootstrap()
            .channel(transport.socketChannel())
            .option(ChannelOption.ALLOCATOR, new PooledByteBufAllocator(true))
            .option(ChannelOption.TCP_NODELAY, true)
            .option(
                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                Math.toIntExact(settings.connectTimeout().toMillis()))
            .remoteAddress(settings.address());
  }

  /** As {@link ConnectRate#reserve}. */
  long reserve(long atLeastNanos) {
    return rate.reserve(atLeastNanos);
  }

  /**
   * Opens a connection.
   *
   * @param atSocket handlers in front of all others
   * @param last the handler behind all others
   */
  Channel open(
      EventLoop loop,
      ProtocolClient client,
      OpeningListener listener,
      List<? extends ChannelHandler> atSocket,
      ChannelHandler last) {
    ChannelInitializer<Channel> pipeline =
        new ChannelInitializer<>() {
          @Override
          protected void initChannel(Channel channel) {
            if (settings.unfriendly().dribble()) {
              channel.pipeline().addLast(new Dribbler());
            }
            atSocket.forEach(channel.pipeline()::addLast);
            addTls(channel.pipeline(), client);
            client.addCodec(channel.pipeline());
            channel.pipeline().addLast(newOpening(client, listener), last);
          }
        };
    ChannelFuture connecting = bootstrap.clone(loop).handler(pipeline).connect();
    connecting.addListener(
        attempt -> {
          if (!attempt.isSuccess()) {
            listener.failed(attempt.cause());
          }
        });
    return connecting.channel();
  }

  private void addTls(ChannelPipeline pipeline, ProtocolClient client) {
    ClientTls tls = settings.tls();
    if (tls != null) {
      tls.addHandlers(
          pipeline, settings.address(), settings.connectTimeout(), !client.hasHandshake());
    }
  }

  private OpeningHandler newOpening(ProtocolClient client, OpeningListener listener) {
    boolean awaitsHandshake = settings.tls() != null || client.hasHandshake();
    return new OpeningHandler(listener, awaitsHandshake, settings.connectTimeout());
  }
}
