package dev.tidepool.allocator;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;

/**
 * The transports to real sockets. A test is skipped only where the machine or the Netty on the
 * class path lacks the transport.
 */
enum Transport {
  NIO {
    @Override
    boolean isAvailable() {
      return true;
    }

    @Override
    EventLoopGroup newLoops(int count) {
      return EventLoops.nio(count);
    }

    @Override
    Class<? extends ServerChannel> serverChannel() {
      return NioServerSocketChannel.class;
    }

    @Override
    Class<? extends Channel> clientChannel() {
      return NioSocketChannel.class;
    }
  },

  EPOLL {
    @Override
    boolean isAvailable() {
      return Epoll.isAvailable();
    }

    @Override
    @SuppressWarnings("deprecation") // in 4.2
    EventLoopGroup newLoops(int count) {
      if (EventLoops.haveIoHandlers()) {
        return new MultiThreadIoEventLoopGroup(count, EpollIoHandler.newFactory());
      }
      return new EpollEventLoopGroup(count);
    }

    @Override
    Class<? extends ServerChannel> serverChannel() {
      return EpollServerSocketChannel.class;
    }

    @Override
    Class<? extends Channel> clientChannel() {
      return EpollSocketChannel.class;
    }
  },

  IO_URING {
    @Override
    boolean isAvailable() {
      return EventLoops.has("io.netty.channel.uring.IoUring") && IoUring.isAvailable();
    }

    @Override
    EventLoopGroup newLoops(int count) {
      return new MultiThreadIoEventLoopGroup(count, IoUringIoHandler.newFactory());
    }

    @Override
    Class<? extends ServerChannel> serverChannel() {
      return IoUringServerSocketChannel.class;
    }

    @Override
    Class<? extends Channel> clientChannel() {
      return IoUringSocketChannel.class;
    }
  };

  abstract boolean isAvailable();

  abstract EventLoopGroup newLoops(int count);

  abstract Class<? extends ServerChannel> serverChannel();

  abstract Class<? extends Channel> clientChannel();

  /** Event loops of this transport. */
  EventLoopGroup loops(int count) {
    assumeTrue(isAvailable(), () -> this + " is not available on this machine or in this Netty");
    return newLoops(count);
  }
}
