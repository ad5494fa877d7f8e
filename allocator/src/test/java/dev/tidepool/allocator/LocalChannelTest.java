package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalServerChannel;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Arenas of local channels, which hand the very buffer that one side writes to the other: each side
 * releases buffers of the other's arena, on another event loop.
 */
class LocalChannelTest {
  private static final int REQUESTS = 200;

  @RegisterExtension private final CapturedLog log = new CapturedLog();

  /** With a clock, which returns the blocks of connections that are silent. */
  @RegisterExtension
  private final UpstreamGuard guard =
      UpstreamGuard.of(
          ArenaByteBufAllocator.builder().trimInterval(Duration.ofMillis(50)).checks(Checks.FULL));

  private final LocalAddress address = new LocalAddress(LocalChannelTest.class);
  private final EventLoopGroup loops = EventLoops.local(2);
  private final Queue<Channel> accepted = new ConcurrentLinkedQueue<>();
  private final BlockingQueue<ByteBuf> answers = new LinkedBlockingQueue<>();

  @AfterEach
  void end() {
    TestThreads.end(loops);
    assertThat(guard.allocator().metric().openArenas()).isZero();
    assertThat(log.text()).doesNotContain("LEAK").doesNotContain("ERROR");
  }

  private Channel connect() {
    new ServerBootstrap()
        .group(loops)
        .channel(LocalServerChannel.class)
        .childHandler(with(new Echo()))
        .bind(address)
        .syncUninterruptibly();
    return new Bootstrap()
        .group(loops)
        .channel(LocalChannel.class)
        .handler(with(new Collect()))
        .connect(address)
        .syncUninterruptibly()
        .channel();
  }

  private ChannelInitializer<Channel> with(ChannelInboundHandlerAdapter handler) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        channel.pipeline().addLast(new ArenaLifecycleHandler(guard.allocator()), handler);
        accepted.add(channel);
      }
    };
  }

  private static final class Echo extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ByteBuf read = (ByteBuf) message;
      ByteBuf answer = ctx.alloc().buffer(read.readableBytes() + 1).writeBytes(read).writeByte('!');
      read.release();
      ctx.writeAndFlush(answer);
    }
  }

  private final class Collect extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      answers.add((ByteBuf) message);
    }
  }

  @Test
  void eachSideReleasesTheOthersBuffersAndNothingIsHeld() throws Exception {
    Channel client = connect();
    for (int request = 0; request < REQUESTS; request++) {
      int size = 1 + request * 37 % 5000;
      client.writeAndFlush(Patterns.fill(client.alloc().buffer(size, size), request));
      ByteBuf answer = answers.poll(10, TimeUnit.SECONDS);
      assertThat(answer).as("the answer").isNotNull();
      assertThat(answer.readableBytes()).isEqualTo(size + 1);
      Patterns.check(answer, request, size);
      answer.release();
    }
    for (Channel channel : accepted) {
      ConnectionArena arena = ArenaLifecycleHandler.arena(channel);
      TestThreads.await("every release", () -> arena.metric().leasedBlocks() == 0);
      assertThat(arena.metric().resets()).isPositive();
    }
    client.close().syncUninterruptibly();
  }
}
