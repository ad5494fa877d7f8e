package dev.tidepool.allocator;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.ServerChannel;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The automatic installation of arenas in the channels of bootstraps. Thread-safe. Nothing that
 * fails here reaches the application: the first failure is logged, and the channel goes on without
 * an arena.
 */
final class AutoInstall {
  private static final InternalLogger logger = InternalLoggerFactory.getInstance(AutoInstall.class);

  /** Of Vert.x's event loops, acceptors' and clients' included. */
  private static final String VERTX_THREAD = "io.vertx.core.impl.VertxThread";

  private final AutoInstallSettings settings;
  private final Supplier<ArenaByteBufAllocator> allocator;
  private final AtomicBoolean leftVertx = new AtomicBoolean();
  private final AtomicBoolean announced = new AtomicBoolean();
  private final AtomicBoolean failed = new AtomicBoolean();

  AutoInstall(AutoInstallSettings settings, Supplier<ArenaByteBufAllocator> allocator) {
    this.settings = settings;
    this.allocator = allocator;
  }

  /** The process's, made when the first bootstrap asks. */
  private static final class OfProcess {
    static final AutoInstall INSTANCE =
        new AutoInstall(
            AutoInstallSettings.of(System::getProperty), () -> ArenaByteBufAllocator.DEFAULT);
  }

  static AutoInstall ofProcess() {
    return OfProcess.INSTANCE;
  }

  /** Has each channel that {@code listening} accepts get its arena. */
  void listen(ServerChannel listening) {
    if (settings.mode().servers) {
      guarded(() -> listening.pipeline().addFirst(new Accepting()));
    }
  }

  /** Has {@code channel} get its arena when it connects. */
  void connect(Channel channel) {
    if (settings.mode().clients && !channel.metadata().hasDisconnect()) {
      guarded(() -> channel.pipeline().addFirst(new Connecting()));
    }
  }

  /** Errors too: Netty passes them on to the application. */
  private void guarded(Runnable installation) {
    try {
      installation.run();
    } catch (RuntimeException | LinkageError e) {
      if (!failed.getAndSet(true)) {
        logger.warn(
            "An arena could not be installed ({}); further failures are not logged", settings, e);
      }
    }
  }

  /**
   * Whether this event loop is Vert.x's, whose channels are left as they are: Vert.x copies and
   * releases what it reads if it is of Netty's pooled or adaptive allocator, and leaves all else to
   * the garbage collector, so that an arena's buffers would leak.
   */
  private boolean isOfVertx() {
    boolean isOfVertx = Thread.currentThread().getClass().getName().equals(VERTX_THREAD);
    if (isOfVertx && leftVertx.compareAndSet(false, true)) {
      logger.info(
          "No arenas are installed in Vert.x's channels: it would not release what it reads");
    }
    return isOfVertx;
  }

  /** Announces, once, what is installed. */
  private ArenaLifecycleHandler newHandler() {
    ArenaByteBufAllocator arenasOf = allocator.get();
    if (announced.compareAndSet(false, true)) {
      logger.info("Arenas are installed in {} ({})", settings.mode().meaning, settings);
    }
    return ArenaLifecycleHandler.detecting(arenasOf, true);
  }

  /**
   * The handler of a listening channel. It stands before the acceptor, so that the lifecycle
   * handler is in the accepted channel's pipeline before the application's initializer, which may
   * then use the channel's allocator.
   */
  private final class Accepting extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (message instanceof Channel accepted) {
        guarded(() -> install(accepted));
      }
      ctx.fireChannelRead(message);
    }

    private void install(Channel accepted) {
      if (!isOfVertx() && !settings.excludes(accepted, accepted::localAddress)) {
        accepted.pipeline().addFirst(newHandler());
      }
    }
  }

  /** The handler of a client's channel, until that is told what to connect to. */
  private final class Connecting extends ChannelOutboundHandlerAdapter {
    @Override
    public void connect(
        ChannelHandlerContext ctx,
        SocketAddress remote,
        @Nullable SocketAddress local,
        ChannelPromise promise) {
      guarded(() -> install(ctx, remote));
      ctx.connect(remote, local, promise);
    }

    private void install(ChannelHandlerContext ctx, SocketAddress remote) {
      if (!isOfVertx()
          && !settings.excludes(ctx.channel(), () -> remote)
          && ArenaLifecycleHandler.arena(ctx.channel()) == null) {
        ctx.pipeline().addFirst(newHandler());
      }
      ctx.pipeline().remove(this);
    }
  }
}
