package dev.tidepool.echo.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.allocator.ArenaLifecycleHandler;
import dev.tidepool.allocator.Checks;
import dev.tidepool.echo.transport.Transport;
import dev.tidepool.echo.transport.TransportChoice;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Echoes from arenas, with a handler of the test's in front, which may be a bad one. */
public final class HandlerServer implements AutoCloseable {
  private final UnpooledByteBufAllocator upstream = new UnpooledByteBufAllocator(true);
  private final BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
  private final BlockingQueue<Throwable> thrown = new LinkedBlockingQueue<>();
  private final ArenaByteBufAllocator allocator;
  private final Transport transport;
  private final Supplier<ChannelHandler> handlers;
  private MultiThreadIoEventLoopGroup loops;
  private InetSocketAddress address;

  public HandlerServer(TransportChoice transport, Checks checks, Supplier<ChannelHandler> handlers)
      throws IOException {
    this.transport = transport.resolve();
    this.handlers = handlers;
    this.allocator =
        ArenaByteBufAllocator.builder()
            .upstream(upstream)
            .leakGrace(Duration.ofMillis(50))
            .checks(checks)
            .build();
    start();
  }

  /** Listens, with new event loops. */
  public void start() throws IOException {
    loops = transport.newEventLoops("handler-server", 2);
    Channel listener =
        new ServerBootstrap()
            .group(loops)
            .channel(transport.serverChannel())
            .childHandler(new Pipeline())
            .bind(InetAddress.getLoopbackAddress(), 0)
            .syncUninterruptibly()
            .channel();
    address = (InetSocketAddress) listener.localAddress();
  }

  private final class Pipeline extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {
      channel
          .pipeline()
          .addLast(new ArenaLifecycleHandler(allocator), handlers.get(), new EchoAndCollect());
      accepted.add(channel);
    }
  }

  private final class EchoAndCollect extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ctx.write(message, ctx.voidPromise());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      ctx.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      thrown.add(cause);
      ctx.close();
    }
  }

  public InetSocketAddress address() {
    return address;
  }

  public ArenaByteBufAllocator allocator() {
    return allocator;
  }

  public MultiThreadIoEventLoopGroup loops() {
    return loops;
  }

  /** Waits for the next connection. */
  public Channel accepted() throws InterruptedException {
    return waited("a connection", accepted);
  }

  /** Waits for what went wrong next on any connection. */
  public Throwable thrown() throws InterruptedException {
    return waited("an exception", thrown);
  }

  public void assertNothingThrown() {
    assertThat(thrown).isEmpty();
  }

  private static <T> T waited(String what, BlockingQueue<T> queue) throws InterruptedException {
    T found = queue.poll(TestServer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertThat(found).as(what).isNotNull();
    return found;
  }

  /** Upstream memory in use. */
  public long used() {
    return upstream.metric().usedDirectMemory() + upstream.metric().usedHeapMemory();
  }

  /** Ends all event loops at once, with whatever they are doing. */
  public void shutLoopsDown() {
    loops.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
  }

  /** Waits until nothing is held upstream. */
  public void assertMemoryReturned() {
    TestServer.await(
        "all memory back upstream",
        () -> {
          allocator.trim();
          return used() == 0;
        });
    // An arena whose loop has ended closes by the thread that learns of that.
    TestServer.await("all arenas closed", () -> allocator.metric().openArenas() == 0);
  }

  @Override
  public void close() {
    shutLoopsDown();
    assertMemoryReturned();
  }
}
