package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

/** The lifecycle handler that an application knows nothing of, beside what that installs itself. */
class AutomaticHandlerTest extends DetectingChannel {
  private void openAutomatically(ChannelHandler... applications) {
    channel = new EmbeddedChannel(false, false);
    channel.pipeline().addLast(ArenaLifecycleHandler.detecting(guard.allocator(), true));
    channel.pipeline().addLast(applications);
    register(channel);
  }

  private static void register(EmbeddedChannel channel) {
    try {
      channel.register();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void theApplicationsOwnHandlerIsTheOnlyOne() {
    ArenaByteBufAllocator other = guard.another(ArenaByteBufAllocator.builder());
    openAutomatically(
        new ChannelInitializer<>() {
          @Override
          protected void initChannel(Channel initialized) {
            initialized.pipeline().addLast(new ArenaLifecycleHandler(other), new Application());
          }
        });
    channel.checkException();
    assertThat(handlers()).containsExactly("ArenaLifecycleHandler", "Application");
    assertThat(other.metric().openArenas()).isEqualTo(1);
    assertThat(guard.allocator().metric().openArenas()).isZero();
    assertThat(channel.alloc()).isSameAs(ArenaLifecycleHandler.arena(channel));
    receive("bytes");
    assertThat(resets()).isEqualTo(1);
  }

  @Test
  void aChannelsOwnArenaAllocatorMakesItsArena() {
    ArenaByteBufAllocator other = guard.another(ArenaByteBufAllocator.builder());
    channel = new EmbeddedChannel(false, false);
    channel.pipeline().addLast(ArenaLifecycleHandler.detecting(guard.allocator(), true));
    channel.pipeline().addLast(new ChannelInboundHandlerAdapter());
    channel.config().setAllocator(other);
    register(channel);
    assertThat(other.metric().openArenas()).isEqualTo(1);
    assertThat(guard.allocator().metric().openArenas()).isZero();
  }
}
