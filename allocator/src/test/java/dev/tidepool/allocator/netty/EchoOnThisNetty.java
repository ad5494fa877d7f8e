package dev.tidepool.allocator.netty;

import dev.tidepool.allocator.ArenaAllocatorMetric;
import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.allocator.ArenaLifecycleHandler;
import dev.tidepool.allocator.Checks;
import dev.tidepool.allocator.ConnectionArena;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.Version;
import java.io.DataInputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A program of its own: a small echo over loopback sockets with whatever Netty is on the class
 * path. Prints what happened, and exits with 1 if something was wrong.
 */
public final class EchoOnThisNetty {
  private static final int CONNECTIONS = 4;
  private static final int BYTES = 300_000;

  private final ArenaByteBufAllocator allocator =
      ArenaByteBufAllocator.builder()
          .trimInterval(Duration.ofMillis(50))
          .leakGrace(Duration.ofMillis(50))
          .checks(Checks.FULL)
          .build();
  private final Queue<CompletableFuture<Void>> elsewhere = new ConcurrentLinkedQueue<>();

  /**
   * Not the common pool: its few threads would be waiting for what others of its tasks are to do.
   */
  private final ExecutorService threads = Executors.newCachedThreadPool();

  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger onLoopsPools = new AtomicInteger();

  private EchoOnThisNetty() {}

  /** Runs it. */
  public static void main(String[] arguments) {
    try {
      new EchoOnThisNetty().run();
    } catch (Throwable e) {
      e.printStackTrace();
      System.exit(1); // its event loops would keep the process alive
    }
  }

  private void run() throws Exception {
    EventLoopGroup loops = loops();
    Channel server =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(new ArenaLifecycleHandler(allocator), new Echo());
                  }
                })
            .bind(InetAddress.getLoopbackAddress(), 0)
            .syncUninterruptibly()
            .channel();
    List<CompletableFuture<Void>> clients = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      byte seed = (byte) i;
      clients.add(
          CompletableFuture.runAsync(
              () -> client((InetSocketAddress) server.localAddress(), seed), threads));
    }
    clients.forEach(CompletableFuture::join);
    await("all arenas to close", () -> allocator.metric().openArenas() == 0);
    loops.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
    elsewhere.forEach(CompletableFuture::join);
    await("all memory to go back", () -> used() == 0);
    threads.shutdown();
    report();
  }

  /** The way that is deprecated in 4.2 is the only one that 4.1 has too; hence by its name. */
  private static EventLoopGroup loops() throws Exception {
    return Class.forName("io.netty.channel.nio.NioEventLoopGroup")
        .asSubclass(EventLoopGroup.class)
        .getConstructor(int.class)
        .newInstance(2);
  }

  private long used() {
    ArenaAllocatorMetric metric = allocator.metric();
    return metric.usedDirectMemory() + metric.usedHeapMemory();
  }

  private interface Condition {
    boolean holds();
  }

  private void await(String what, Condition condition) throws InterruptedException {
    long start = System.nanoTime();
    while (!condition.holds()) {
      if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(20)) {
        throw new IllegalStateException("waited in vain: " + what + ": " + allocator.metric());
      }
      Thread.sleep(1);
    }
  }

  /** Echoes, and meanwhile uses what else a handler may. */
  private final class Echo extends ChannelInboundHandlerAdapter {
    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      opened.getAndIncrement();
      ConnectionArena arena = ArenaLifecycleHandler.arena(ctx.channel());
      if (arena == null || ctx.alloc() != arena) {
        throw new IllegalStateException("no arena");
      }
      ByteBuf shared = allocator.directBuffer(100);
      onLoopsPools.getAndAdd(shared.alloc() == allocator ? 1 : 0);
      shared.release();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ByteBuf read = (ByteBuf) message;
      ByteBuf heap = ctx.alloc().heapBuffer(16, Integer.MAX_VALUE).writeBytes(read.duplicate());
      ByteBuf direct = ctx.alloc().directBuffer(16).writeBytes(heap);
      ByteBuf composite = ctx.alloc().compositeBuffer().addComponent(true, direct.retainedSlice());
      if (!composite.equals(read)) {
        throw new IllegalStateException("bytes differ");
      }
      composite.release();
      direct.release();
      heap.release();
      elsewhere.add(
          CompletableFuture.runAsync(
              () -> ctx.alloc().buffer(1000).writeLong(1).release(), threads));
      ctx.writeAndFlush(message);
    }

    @Override
    @SuppressWarnings("deprecation") // of the interface that declares it, since Netty 4.1
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      cause.printStackTrace();
      ctx.close();
    }
  }

  private void client(InetSocketAddress address, byte seed) {
    byte[] sent = new byte[BYTES];
    for (int i = 0; i < BYTES; i++) {
      sent[i] = (byte) (seed + i * 31 + (i >> 8));
    }
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(20_000);
      socket.connect(address);
      OutputStream out = socket.getOutputStream();
      CompletableFuture<Void> sending =
          CompletableFuture.runAsync(
              () -> {
                try {
                  out.write(sent);
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              },
              threads);
      byte[] received = new byte[BYTES];
      new DataInputStream(socket.getInputStream()).readFully(received);
      sending.join();
      if (!Arrays.equals(sent, received)) {
        throw new IllegalStateException("other bytes came back");
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private void report() {
    System.out.println(
        "netty: %s, opened: %d, open: %d, held: %d, leaks: %d, pooled on loops: %d"
            .formatted(
                Version.identify().get("netty-buffer").artifactVersion(),
                opened.get(),
                allocator.metric().openArenas(),
                used(),
                allocator.metric().leaks(),
                onLoopsPools.get()));
  }
}
