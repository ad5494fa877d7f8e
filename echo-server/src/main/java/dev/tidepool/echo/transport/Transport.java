package dev.tidepool.echo.transport;

import dev.tidepool.echo.figures.Failures;
import io.netty.channel.ChannelException;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One of Netty's socket transports: its name, its event loops and its channels.
 *
 * @param unavailable why it cannot be used on this machine, or null if it can
 */
public record Transport(
    String name,
    Supplier<IoHandlerFactory> ioHandlers,
    Class<? extends ServerChannel> serverChannel,
    Class<? extends SocketChannel> socketChannel,
    @Nullable Throwable unavailable) {

  static Transport nio() {
    return new Transport(
        "nio",
        NioIoHandler::newFactory,
        NioServerSocketChannel.class,
        NioSocketChannel.class,
        null);
  }

  static Transport epoll() {
    return new Transport(
        "epoll",
        EpollIoHandler::newFactory,
        EpollServerSocketChannel.class,
        EpollSocketChannel.class,
        Epoll.unavailabilityCause());
  }

  static Transport ioUring() {
    return new Transport(
        "io_uring",
        IoUringIoHandler::newFactory,
        IoUringServerSocketChannel.class,
        IoUringSocketChannel.class,
        IoUring.unavailabilityCause());
  }

  /**
   * New event loops; {@code count} 0 leaves their number to Netty.
   *
   * @throws IOException if the system has no more of what each of them needs, such as files
   */
  public MultiThreadIoEventLoopGroup newEventLoops(String threadName, int count)
      throws IOException {
    try {
      return new MultiThreadIoEventLoopGroup(
          count, new DefaultThreadFactory(threadName), ioHandlers.get());
    } catch (IllegalStateException | ChannelException e) {
      throw new IOException(
          "cannot start the event loops (" + name + " transport): " + Failures.reason(e), e);
    }
  }
}
