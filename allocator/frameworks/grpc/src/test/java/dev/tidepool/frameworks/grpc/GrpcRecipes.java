package dev.tidepool.frameworks.grpc;

import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.allocator.ArenaLifecycleHandler;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;

/** The recipes for gRPC-Java. */
final class GrpcRecipes {
  private GrpcRecipes() {}

  // recipe: grpc-shared
  static NettyServerBuilder sharedServer(int port, ArenaByteBufAllocator allocator) {
    return NettyServerBuilder.forPort(port).withChildOption(ChannelOption.ALLOCATOR, allocator);
  }

  static NettyChannelBuilder sharedClient(String host, int port, ArenaByteBufAllocator allocator) {
    return NettyChannelBuilder.forAddress(host, port)
        .withOption(ChannelOption.ALLOCATOR, allocator);
  }

  // end of recipe

  // recipe: grpc-server
  static NettyServerBuilder server(
      int port, EventLoopGroup loops, ArenaByteBufAllocator allocator) {
    return NettyServerBuilder.forPort(port)
        .bossEventLoopGroup(loops)
        .workerEventLoopGroup(loops)
        .channelFactory(() -> listeningChannel(allocator));
  }

  private static ServerChannel listeningChannel(ArenaByteBufAllocator allocator) {
    ServerChannel listening = new NioServerSocketChannel();
    listening
        .pipeline()
        .addLast(
            new ChannelInboundHandlerAdapter() {
              @Override
              public void channelRead(ChannelHandlerContext ctx, Object accepted) {
                Channel connection = (Channel) accepted;
                connection.pipeline().addFirst(new ArenaLifecycleHandler(allocator));
                ctx.fireChannelRead(accepted);
              }
            });
    return listening;
  }

  // end of recipe

  // recipe: grpc-client
  static NettyChannelBuilder client(
      String host, int port, EventLoopGroup loops, ArenaByteBufAllocator allocator) {
    return NettyChannelBuilder.forAddress(host, port)
        .eventLoopGroup(loops)
        .channelFactory(() -> connectingChannel(allocator));
  }

  private static Channel connectingChannel(ArenaByteBufAllocator allocator) {
    Channel connection = new NioSocketChannel();
    connection.pipeline().addFirst(new ArenaLifecycleHandler(allocator));
    return connection;
  }
  // end of recipe
}
