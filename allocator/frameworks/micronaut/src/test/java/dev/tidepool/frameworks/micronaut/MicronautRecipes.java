package dev.tidepool.frameworks.micronaut;

import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.allocator.ArenaLifecycleHandler;
import dev.tidepool.allocator.RequestBoundary;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.http.client.netty.NettyClientCustomizer;
import io.micronaut.http.netty.channel.ChannelPipelineCustomizer;
import io.micronaut.http.server.netty.NettyServerCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import jakarta.inject.Singleton;

/** The recipes for Micronaut. */
final class MicronautRecipes {
  private MicronautRecipes() {}

  // recipe: micronaut-server
  @Singleton
  static class ServerArenas implements BeanCreatedEventListener<NettyServerCustomizer.Registry> {
    private final ArenaByteBufAllocator allocator;

    ServerArenas(ArenaByteBufAllocator allocator) {
      this.allocator = allocator;
    }

    @Override
    public NettyServerCustomizer.Registry onCreated(
        BeanCreatedEvent<NettyServerCustomizer.Registry> event) {
      event.getBean().register(new ServerConnections(allocator));
      return event.getBean();
    }
  }

  record ServerConnections(ArenaByteBufAllocator allocator) implements NettyServerCustomizer {
    @Override
    public NettyServerCustomizer specializeForChannel(
        Channel channel, NettyServerCustomizer.ChannelRole role) {
      return role == NettyServerCustomizer.ChannelRole.CONNECTION
          ? new ServerConnection(allocator, channel)
          : this;
    }
  }

  record ServerConnection(ArenaByteBufAllocator allocator, Channel channel)
      implements NettyServerCustomizer {
    @Override
    public void onInitialPipelineBuilt() {
      channel.pipeline().addFirst(new ArenaLifecycleHandler(allocator));
    }

    @Override
    public void onStreamPipelineBuilt() {
      ChannelPipeline pipeline = channel.pipeline();
      if (pipeline.get(ChannelPipelineCustomizer.HANDLER_HTTP_SERVER_CODEC) != null) {
        pipeline.addAfter(
            ChannelPipelineCustomizer.HANDLER_HTTP_SERVER_CODEC,
            "request-boundary",
            RequestBoundary.http1());
      }
    }
  }

  // end of recipe

  // recipe: micronaut-client
  @Singleton
  static class ClientArenas implements BeanCreatedEventListener<NettyClientCustomizer.Registry> {
    private final ArenaByteBufAllocator allocator;

    ClientArenas(ArenaByteBufAllocator allocator) {
      this.allocator = allocator;
    }

    @Override
    public NettyClientCustomizer.Registry onCreated(
        BeanCreatedEvent<NettyClientCustomizer.Registry> event) {
      event.getBean().register(new ClientConnections(allocator));
      return event.getBean();
    }
  }

  record ClientConnections(ArenaByteBufAllocator allocator) implements NettyClientCustomizer {
    @Override
    public NettyClientCustomizer specializeForChannel(
        Channel channel, NettyClientCustomizer.ChannelRole role) {
      if (role == NettyClientCustomizer.ChannelRole.CONNECTION) {
        channel.pipeline().addFirst(new ArenaLifecycleHandler(allocator));
      }
      return this;
    }
  }
  // end of recipe
}
