package dev.tidepool.allocator;

import io.netty.channel.DefaultEventLoopGroup;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;

/**
 * Makes event loops of whatever Netty is on the class path: 4.1 has no {@code IoHandler}s.
 *
 * <p>No conditional expressions: to verify one, the JVM loads the classes of both its branches.
 */
public final class EventLoops {
  private static final boolean HAVE_IO_HANDLERS = has("io.netty.channel.IoHandlerFactory");

  private EventLoops() {}

  /** Whether the class path has the class {@code name}. */
  static boolean has(String name) {
    try {
      Class.forName(name, false, EventLoops.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  static boolean haveIoHandlers() {
    return HAVE_IO_HANDLERS;
  }

  /** Event loops for NIO's channels. */
  @SuppressWarnings("deprecation") // in 4.2
  public static EventLoopGroup nio(int count) {
    if (HAVE_IO_HANDLERS) {
      return new MultiThreadIoEventLoopGroup(count, NioIoHandler.newFactory());
    }
    return new NioEventLoopGroup(count);
  }

  /** Event loops for local channels. */
  @SuppressWarnings("deprecation") // in 4.2
  public static EventLoopGroup local(int count) {
    if (HAVE_IO_HANDLERS) {
      return new MultiThreadIoEventLoopGroup(count, LocalIoHandler.newFactory());
    }
    return new DefaultEventLoopGroup(count);
  }
}
