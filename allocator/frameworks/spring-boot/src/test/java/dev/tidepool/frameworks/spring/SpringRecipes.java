package dev.tidepool.frameworks.spring;

import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.allocator.ArenaLifecycleHandler;
import dev.tidepool.allocator.RequestBoundary;
import org.springframework.boot.http.client.autoconfigure.reactive.ClientHttpConnectorBuilderCustomizer;
import org.springframework.boot.http.client.reactive.ReactorClientHttpConnectorBuilder;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.netty.NettyPipeline;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;

/** The recipe for a WebFlux application on Reactor Netty. */
final class SpringRecipes {
  private SpringRecipes() {}

  // recipe: spring-boot
  @Configuration(proxyBeanMethods = false)
  static class ArenaConfiguration {
    @Bean
    WebServerFactoryCustomizer<NettyReactiveWebServerFactory> arenasOfServer(
        ArenaByteBufAllocator allocator) {
      return factory -> factory.addServerCustomizers(server -> withArenas(server, allocator));
    }

    @Bean
    ClientHttpConnectorBuilderCustomizer<ReactorClientHttpConnectorBuilder> arenasOfWebClient(
        ArenaByteBufAllocator allocator) {
      return builder -> builder.withHttpClientCustomizer(client -> withArenas(client, allocator));
    }

    private static HttpServer withArenas(HttpServer server, ArenaByteBufAllocator allocator) {
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

    private static HttpClient withArenas(HttpClient client, ArenaByteBufAllocator allocator) {
      return client.doOnChannelInit(
          (observer, channel, remote) ->
              channel.pipeline().addFirst(new ArenaLifecycleHandler(allocator)));
    }
  }
  // end of recipe
}
