package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.LoopbackServer.Connection;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A chat room: what one connection sends, a {@link ChannelGroup} writes to all of them, on several
 * event loops, as slices of one retained buffer.
 */
class BroadcastTest {
  private static final int MEMBERS = 20;
  private static final int MESSAGE = 3000;

  @RegisterExtension private final CapturedLog log = new CapturedLog();

  /** With a clock, which returns the blocks of connections that are silent. */
  @RegisterExtension
  private final UpstreamGuard guard =
      UpstreamGuard.of(
          ArenaByteBufAllocator.builder().trimInterval(Duration.ofMillis(50)).checks(Checks.FULL));

  @RegisterExtension private final LoopbackServer server = new LoopbackServer();

  private final ChannelGroup room = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

  @ParameterizedTest
  @EnumSource
  void everyMemberGetsEveryMessageAndNothingIsHeld(Transport transport) throws Exception {
    server.start(transport, this::enter);
    List<Connection> members = new ArrayList<>();
    for (int i = 0; i < MEMBERS; i++) {
      members.add(server.connect());
    }
    for (int speaker = 0; speaker < MEMBERS; speaker++) {
      byte[] message = Patterns.bytes(MESSAGE, speaker);
      members.get(speaker).send(message);
      for (Connection member : members) {
        assertThat(member.receive(MESSAGE)).isEqualTo(message);
      }
    }
    for (Connection member : members) {
      TestThreads.await("each release", () -> member.arena().metric().leasedBlocks() == 0);
      TestThreads.await("a reset", () -> member.arena().metric().resets() > 0);
    }
    assertThat(log.text()).doesNotContain("LEAK").doesNotContain("ERROR");
  }

  private void enter(Channel channel) {
    room.add(channel);
    channel
        .pipeline()
        .addLast(new ArenaLifecycleHandler(guard.allocator()), new Collect(), new Speak());
  }

  /** Collects the bytes of one message in a buffer of the connection's arena. */
  private static final class Collect extends ChannelInboundHandlerAdapter {
    private ByteBuf message;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object read) {
      ByteBuf bytes = (ByteBuf) read;
      if (message == null) {
        message = ctx.alloc().buffer(MESSAGE);
      }
      message.writeBytes(bytes);
      bytes.release();
      if (message.readableBytes() == MESSAGE) {
        ByteBuf whole = message;
        message = null;
        ctx.fireChannelRead(whole);
      }
    }
  }

  private final class Speak extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      var unused = room.writeAndFlush(message);
    }
  }
}
