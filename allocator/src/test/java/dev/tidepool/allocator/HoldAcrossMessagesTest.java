package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A hold that outlasts its exchange and is closed during a message of no exchange. */
class HoldAcrossMessagesTest {
  @RegisterExtension private final UpstreamGuard guard = UpstreamGuard.of(Checks.OFF);

  private final List<Object> resets = new ArrayList<>();
  private @Nullable RequestHold hold;

  private final class Server extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      var arena = ArenaLifecycleHandler.arena(ctx.channel());
      if (message.equals("request")) {
        hold = arena.hold();
        arena.onReset(() -> resets.add(message));
        ctx.writeAndFlush("response");
      } else {
        hold.close();
      }
    }
  }

  @Test
  void theArenaResetsWhenThatMessageIsHandled() {
    EmbeddedChannel channel =
        new EmbeddedChannel(
            new ArenaLifecycleHandler(guard.allocator()),
            RequestBoundary.messages("request"::equals, "response"::equals),
            new Server());
    channel.writeInbound("request");
    assertThat(channel.<String>readOutbound()).isEqualTo("response");
    assertThat(resets).isEmpty();
    channel.writeInbound("the end of what it asked for");
    assertThat(resets).hasSize(1);
    channel.finishAndReleaseAll();
  }
}
