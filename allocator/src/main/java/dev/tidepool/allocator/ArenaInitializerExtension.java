package dev.tidepool.allocator;

import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.channel.Channel;
import io.netty.channel.ServerChannel;

/**
 * The extension by which Netty's bootstraps give channels their arenas, without a changed line of
 * the application. Netty loads it with the system property {@code
 * io.netty.bootstrap.extensions=serviceload}.
 *
 * <p>Each accepted channel gets what {@link ArenaChannelInitializer} installs, before the
 * application's own initializer runs, with arenas of {@link ArenaByteBufAllocator#DEFAULT}. If the
 * application has set an {@link ArenaByteBufAllocator} as the channel's option, its arenas are of
 * that one; any other allocator is replaced. A channel in which the application installs an {@link
 * ArenaLifecycleHandler} of its own keeps that alone.
 *
 * <p>System properties, read once:
 *
 * <ul>
 *   <li>{@code dev.tidepool.autoinstall}: {@code server} (the default): each channel that a {@code
 *       ServerBootstrap} accepts; {@code client}: each channel that a {@code Bootstrap} connects;
 *       {@code both}; {@code off}. With any other value, which is logged, as with {@code off}.
 *   <li>{@code dev.tidepool.autoinstall.exclude}: patterns, separated by commas, of channels to
 *       leave as they are. A pattern, in which {@code *} stands for any characters, has to match
 *       either the name of the channel's class, with or without its package, or the server's
 *       address: the local address of an accepted channel, the remote one of a client's, such as
 *       {@code *:9090}.
 * </ul>
 *
 * <p>Connectionless channels, such as datagram channels, are left as they are: they have no
 * connection for an arena to serve. So are the channels of HTTP/2 streams, which no bootstrap
 * makes: wrap their initializer in an {@link ArenaChannelInitializer}.
 *
 * <p>So are the channels of Vert.x, which does not release the buffers that it reads.
 *
 * <p>What fails here is logged, and the application's bootstrap goes on as without it.
 */
public final class ArenaInitializerExtension extends ChannelInitializerExtension {
  /** For Netty, by {@link java.util.ServiceLoader}. */
  public ArenaInitializerExtension() {}

  @Override
  public void postInitializeServerListenerChannel(ServerChannel channel) {
    AutoInstall.ofProcess().listen(channel);
  }

  @Override
  public void postInitializeClientChannel(Channel channel) {
    AutoInstall.ofProcess().connect(channel);
  }
}
