package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A read refused by an allocator that the application has set, in a channel whose arena has no
 * budget: the channel closes all the same, and the transport does not see the exception.
 */
class RefusalWithoutBudgetTest {
  private static final int BUDGET = 64 * 1024;
  private static final int READ = 1024 * 1024;

  @RegisterExtension private final UpstreamGuard guard = UpstreamGuard.of(Checks.OFF);

  private final List<Object> seen = new ArrayList<>();
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private ByteBuf refused;

  private final class Hears extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      seen.add(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      seen.add("complete");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      seen.add(cause.getClass());
    }
  }

  /** Reads one message, and is refused the buffer for the next of the same burst. */
  @BeforeEach
  void refuse() {
    channel.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(READ));
    channel.pipeline().addLast(new ArenaLifecycleHandler(guard.allocator()), new Hears());
    ArenaByteBufAllocator small =
        guard.another(ArenaByteBufAllocator.builder().globalBudget(BUDGET));
    channel.config().setAllocator(small);
    var handle = channel.unsafe().recvBufAllocHandle();
    handle.reset(channel.config());
    channel.pipeline().fireChannelRead("first");
    refused = handle.allocate(small);
  }

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  @Test
  void theChannelClosesAndWhatWasReadIsReleased() {
    channel.pipeline().fireChannelRead(refused);
    channel.runPendingTasks();
    assertThat(seen).containsExactly("first", ArenaBudgetExceededException.class);
    assertThat(channel.isOpen()).isFalse();
    assertThat(refused.refCnt()).isZero();
  }

  @Test
  void theMessageBeforeGetsItsReadComplete() {
    channel.pipeline().fireChannelRead(refused);
    channel.pipeline().fireChannelReadComplete();
    assertThat(seen).containsExactly("first", "complete");
    channel.runPendingTasks();
  }
}
