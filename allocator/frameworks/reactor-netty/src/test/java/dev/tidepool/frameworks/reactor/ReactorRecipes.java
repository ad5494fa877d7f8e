package dev.tidepool.frameworks.reactor;

import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.allocator.ArenaLifecycleHandler;
import dev.tidepool.allocator.RequestBoundary;
import io.netty.channel.ChannelOption;
import reactor.netty.NettyPipeline;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;

/** The recipes for Reactor Netty. */
final class ReactorRecipes {
  private ReactorRecipes() {}

  // recipe: reactor-shared
  static HttpServer sharedServer(HttpServer server, ArenaByteBufAllocator allocator) {
    return server.childOption(ChannelOption.ALLOCATOR, allocator);
  }

  static HttpClient sharedClient(HttpClient client, ArenaByteBufAllocator allocator) {
    return client.option(ChannelOption.ALLOCATOR, allocator);
  }

  // end of recipe

  // recipe: reactor-server
  static HttpServer server(HttpServer server, ArenaByteBufAllocator allocator) {
    return server.doOnChannelInit(
        (observer, channel, remote) -> {
          channel.pipeline().addFirst(new ArenaLifecycleHandler(allocator));
          if (channel.pipeline().get(NettyPipeline.HttpCodec) != null) {
            channel
                .pipeline()
                .addAfter(NettyPipeline.HttpCodec, "request-boundary", RequestBoundary.http1());
          }
        });
  }

  // end of recipe

  // recipe: reactor-client
  static HttpClient client(HttpClient client, ArenaByteBufAllocator allocator) {
    return client.doOnChannelInit(
        (observer, channel, remote) ->
            channel.pipeline().addFirst(new ArenaLifecycleHandler(allocator)));
  }
  // end of recipe
}
