package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A server on the loopback interface, with blocking sockets as clients. */
final class LoopbackServer implements AfterEachCallback {
  private final BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
  private final List<Socket> clients = new ArrayList<>();
  private final Queue<Channel> channels = new ConcurrentLinkedQueue<>();
  private EventLoopGroup loops;
  private InetSocketAddress address;

  /** Starts with {@code pipeline} for each connection. */
  LoopbackServer start(Transport transport, Consumer<Channel> pipeline) {
    return start(transport, bootstrap -> {}, pipeline);
  }

  /** Starts with {@code pipeline} for each connection, and {@code options} for the bootstrap. */
  LoopbackServer start(
      Transport transport, Consumer<ServerBootstrap> options, Consumer<Channel> pipeline) {
    loops = transport.loops(2);
    ChannelInitializer<Channel> initializer =
        new ChannelInitializer<>() {
          @Override
          protected void initChannel(Channel channel) {
            pipeline.accept(channel);
            channels.add(channel);
            accepted.add(channel);
          }
        };
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops)
            .channel(transport.serverChannel())
            .childHandler(initializer);
    options.accept(bootstrap);
    Channel server =
        bootstrap.bind(InetAddress.getLoopbackAddress(), 0).syncUninterruptibly().channel();
    address = (InetSocketAddress) server.localAddress();
    return this;
  }

  InetSocketAddress address() {
    return address;
  }

  /** Connects a client, and waits until the server has accepted it. */
  Connection connect() throws IOException, InterruptedException {
    Socket socket = new Socket();
    clients.add(socket);
    socket.setTcpNoDelay(true);
    socket.setReceiveBufferSize(32 * 1024); // a sender soon notices a peer that does not read
    socket.setSoTimeout(10_000);
    socket.connect(address);
    Channel channel = accepted.poll(10, TimeUnit.SECONDS);
    assertThat(channel).as("accepted").isNotNull();
    return new Connection(socket, channel);
  }

  EventLoopGroup loops() {
    return loops;
  }

  /** Both ends of a connection. */
  record Connection(Socket socket, Channel channel) {
    void send(byte... bytes) throws IOException {
      socket.getOutputStream().write(bytes);
    }

    byte[] receive(int count) throws IOException {
      byte[] bytes = new byte[count];
      new DataInputStream(socket.getInputStream()).readFully(bytes);
      return bytes;
    }

    ConnectionArena arena() {
      return ArenaLifecycleHandler.arena(channel);
    }

    /** Runs {@code task} on the server's event loop, after the tasks that it has begun. */
    void onLoop(TestThreads.Task task) {
      TestThreads.run(channel.eventLoop(), task);
    }

    void awaitRequests(long count) {
      TestThreads.await(count + " requests", () -> arena().metric().requests() >= count);
      assertThat(arena().metric().requests()).isEqualTo(count);
    }
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    for (Socket client : clients) {
      client.close();
    }
    if (loops != null) {
      channels.forEach(LoopbackServer::close);
      TestThreads.end(loops);
    }
  }

  /** Waits until the handlers are removed too, for which an ending event loop does not wait. */
  private static void close(Channel channel) {
    channel.close().syncUninterruptibly();
    TestThreads.run(channel.eventLoop(), () -> {});
    TestThreads.run(channel.eventLoop(), () -> {});
  }
}
