package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.local.LocalChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The delayed check of a read burst whose channel has moved to another event loop. */
class RecheckAfterMoveTest {
  @Test
  void theOldEventLoopHandsTheCheckToTheNewOne() throws Exception {
    EventLoopGroup from = EventLoops.local(1);
    EventLoopGroup to = EventLoops.local(1);
    Channel channel = new LocalChannel();
    CompletableFuture<Boolean> onItsLoop = new CompletableFuture<>();
    ReadBurst burst =
        new ReadBurst() {
          @Override
          public void run() {
            onItsLoop.complete(channel.eventLoop().inEventLoop());
          }
        };
    from.register(channel).sync();
    TestThreads.run(
        channel.eventLoop(),
        () -> {
          var unusedWrite = channel.write(Unpooled.wrappedBuffer(new byte[1]));
          assertThat(burst.isOver(channel)).isFalse();
          channel.deregister().addListener(done -> register(channel, to));
        });
    assertThat(onItsLoop.get(10, TimeUnit.SECONDS)).isTrue();
    channel.close().sync();
    TestThreads.end(from);
    TestThreads.end(to);
  }

  private static void register(Channel channel, EventLoopGroup loops) {
    loops.register(channel);
  }
}
