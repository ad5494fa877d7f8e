package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.local.LocalChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A channel that waits for memory moves to another event loop, and its transport allocates at once
 * when a read is asked for, as io_uring's does where data wait.
 */
class MovedWhilePausedTest {
  private static final int HARD = 64 * 1024;

  @RegisterExtension private final UpstreamGuard guard = UpstreamGuard.of(Checks.OFF);

  private final EventLoopGroup from = EventLoops.local(1);
  private final EventLoopGroup to = EventLoops.local(1);
  private final List<ByteBuf> kept = new ArrayList<>();
  private final Channel channel = new LocalChannel();
  private int delivered;

  /** Stands where the transport is: allocates a buffer for each read, and reads nothing into it. */
  private static final class AllocatesToRead extends ChannelDuplexHandler {
    @Override
    public void read(ChannelHandlerContext ctx) {
      var handle = ctx.channel().unsafe().recvBufAllocHandle();
      handle.reset(ctx.channel().config());
      ctx.fireChannelRead(handle.allocate(ctx.alloc()));
    }
  }

  private final class Releases extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      delivered++;
      ReferenceCountUtil.release(message);
    }
  }

  @AfterEach
  void end() throws Exception {
    channel.close().sync();
    TestThreads.end(from);
    TestThreads.end(to);
  }

  @Test
  void itReadsAgainWhenThereIsRoom() throws Exception {
    ArenaByteBufAllocator allocator =
        guard.another(
            ArenaByteBufAllocator.builder()
                .minBlockSize(4096)
                .hardBudget(HARD)
                .budgetPolicy(BudgetPolicy.PAUSE));
    channel.pipeline().addLast(new ArenaLifecycleHandler(allocator), new Releases());
    channel.pipeline().addFirst(new AllocatesToRead());
    from.register(channel).sync();
    TestThreads.run(channel.eventLoop(), this::exhaust);
    TestThreads.run(channel.eventLoop(), channel::read);
    assertThat(channel.config().isAutoRead()).isFalse();
    channel.deregister().sync();
    to.register(channel).sync();
    TestThreads.run(channel.eventLoop(), () -> kept.forEach(ByteBuf::release));
    TestThreads.await("reads go on", () -> channel.config().isAutoRead());
    TestThreads.run(channel.eventLoop(), () -> assertThat(delivered).isGreaterThanOrEqualTo(2));
  }

  private void exhaust() {
    while (ArenaLifecycleHandler.arena(channel).metric().chargedBytes() < HARD) {
      kept.add(channel.alloc().directBuffer(4096)); // a whole block, or several fill one
    }
    channel.config().setAutoRead(true);
  }
}
