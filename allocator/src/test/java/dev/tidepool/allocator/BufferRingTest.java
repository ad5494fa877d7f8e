package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringBufferRingConfig;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringFixedBufferRingAllocator;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoHandlerConfig;
import io.netty.channel.uring.IoUringServerSocketChannel;
import java.io.DataInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * io_uring's provided buffers: the kernel reads into buffers of an event loop's ring, which the
 * shared allocator makes, and what the handlers allocate comes from the connection's arena.
 */
class BufferRingTest {
  private static final short GROUP = 1;
  private static final short BUFFERS = 16;
  private static final int SIZE = 4096;
  private static final int BYTES = 1 << 20;

  @RegisterExtension private final CapturedLog log = new CapturedLog();

  @RegisterExtension
  private final UpstreamGuard guard =
      UpstreamGuard.of(
          ArenaByteBufAllocator.builder().trimInterval(Duration.ofMillis(50)).checks(Checks.FULL));

  private final ArenaByteBufAllocator allocator = guard.allocator();
  private final Queue<ByteBufAllocator> allocatorsOfReads = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<Channel> accepted = new CompletableFuture<>();
  private EventLoopGroup loops;

  @AfterEach
  void end() {
    if (loops != null) {
      TestThreads.end(loops);
    }
  }

  private InetSocketAddress start() {
    assumeTrue(
        IoUring.isAvailable() && IoUring.isRegisterBufferRingSupported(),
        "this kernel has no buffer rings");
    IoUringBufferRingConfig ring =
        IoUringBufferRingConfig.builder()
            .bufferGroupId(GROUP)
            .bufferRingSize(BUFFERS)
            .batchSize(BUFFERS)
            .allocator(new IoUringFixedBufferRingAllocator(allocator, SIZE))
            .build();
    loops =
        new MultiThreadIoEventLoopGroup(
            1, IoUringIoHandler.newFactory(new IoUringIoHandlerConfig().setBufferRingConfig(ring)));
    return (InetSocketAddress)
        new ServerBootstrap()
            .group(loops)
            .channel(IoUringServerSocketChannel.class)
            .childOption(IoUringChannelOption.IO_URING_BUFFER_GROUP_ID, GROUP)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(new ArenaLifecycleHandler(allocator), new Echo());
                    accepted.complete(channel);
                  }
                })
            .bind(InetAddress.getLoopbackAddress(), 0)
            .syncUninterruptibly()
            .channel()
            .localAddress();
  }

  /** Answers with a copy from the connection's arena. */
  private final class Echo extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ByteBuf read = (ByteBuf) message;
      allocatorsOfReads.add(read.alloc());
      ByteBuf answer = ctx.alloc().buffer(read.readableBytes()).writeBytes(read);
      read.release();
      ctx.writeAndFlush(answer);
    }
  }

  @Test
  void everyByteComesBackAndTheConnectionHoldsNothing() throws Exception {
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(10_000);
      socket.connect(start());
      byte[] bytes = Patterns.bytes(BYTES, 1);
      CompletableFuture<Void> sent =
          CompletableFuture.runAsync(
              () -> {
                try {
                  socket.getOutputStream().write(bytes);
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              });
      byte[] answer = new byte[BYTES];
      new DataInputStream(socket.getInputStream()).readFully(answer);
      sent.join();
      assertThat(answer).isEqualTo(bytes);
      ConnectionArena arena = ArenaLifecycleHandler.arena(accepted.join());
      TestThreads.await("no block", () -> arena.metric().leasedBlocks() == 0);
      assertThat(arena.metric().allocatedBytes()).isGreaterThanOrEqualTo(BYTES);
      assertThat(arena.metric().resets()).isPositive();
      assertThat(allocatorsOfReads).as("from the ring").contains(allocator);
    }
    TestThreads.await("the arena's end", () -> allocator.metric().openArenas() == 0);
    assertThat(log.text()).doesNotContain("LEAK").doesNotContain("ERROR");
  }
}
