package dev.tidepool.frameworks.http;

import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.allocator.ArenaChannelInitializer;
import dev.tidepool.allocator.ArenaLifecycleHandler;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContentDecompressor;
import io.netty.handler.codec.http.HttpServerCodec;
import java.util.function.Supplier;
import org.asynchttpclient.AsyncHttpClient;
import org.asynchttpclient.DefaultAsyncHttpClientConfig;
import org.asynchttpclient.Dsl;

/** The recipes for Netty's own HTTP/1.1, and for AsyncHttpClient. */
final class HttpClientRecipes {
  private HttpClientRecipes() {}

  // recipe: netty-server
  static ServerBootstrap server(
      EventLoopGroup loops, ArenaByteBufAllocator allocator, Supplier<ChannelHandler> answers) {
    ChannelInitializer<Channel> pipeline =
        new ChannelInitializer<>() {
          @Override
          protected void initChannel(Channel connection) {
            connection.pipeline().addLast(new HttpServerCodec(), answers.get());
          }
        };
    return new ServerBootstrap()
        .group(loops)
        .channel(NioServerSocketChannel.class)
        .childHandler(new ArenaChannelInitializer(allocator, pipeline));
  }

  // end of recipe

  // recipe: netty-client
  static Bootstrap client(
      EventLoopGroup loops, ArenaByteBufAllocator allocator, Supplier<ChannelHandler> answers) {
    ChannelInitializer<Channel> pipeline =
        new ChannelInitializer<>() {
          @Override
          protected void initChannel(Channel connection) {
            connection
                .pipeline()
                .addLast(new HttpClientCodec(), new HttpContentDecompressor(0), answers.get());
          }
        };
    return new Bootstrap()
        .group(loops)
        .channel(NioSocketChannel.class)
        .handler(new ArenaChannelInitializer(allocator, pipeline));
  }

  // end of recipe

  // recipe: async-http-client
  static AsyncHttpClient asyncHttpClient(
      DefaultAsyncHttpClientConfig.Builder config, ArenaByteBufAllocator allocator) {
    return Dsl.asyncHttpClient(
        config.setHttpAdditionalChannelInitializer(
            connection -> connection.pipeline().addFirst(new ArenaLifecycleHandler(allocator))));
  }

  // end of recipe

  // recipe: async-http-client-shared
  static AsyncHttpClient sharedAsyncHttpClient(
      DefaultAsyncHttpClientConfig.Builder config, ArenaByteBufAllocator allocator) {
    return Dsl.asyncHttpClient(config.setAllocator(allocator));
  }
  // end of recipe
}
