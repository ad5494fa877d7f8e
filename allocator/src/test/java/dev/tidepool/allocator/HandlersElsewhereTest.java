package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidepool.allocator.LoopbackServer.Connection;
import dev.tidepool.allocator.concurrent.VirtualThreads;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.EventExecutorGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Handlers that do not run on the event loop: on an executor group, a thread pool, or virtual
 * threads. They allocate the answer there, from the connection's arena, and release the request.
 */
class HandlersElsewhereTest {
  private static final int CONNECTIONS = 8;
  private static final int REQUESTS = 50;
  private static final int SIZE = 2000;

  @RegisterExtension private final CapturedLog log = new CapturedLog();

  /** With a clock, which returns the blocks of connections that are silent. */
  @RegisterExtension
  private final UpstreamGuard guard =
      UpstreamGuard.of(
          ArenaByteBufAllocator.builder().trimInterval(Duration.ofMillis(50)).checks(Checks.FULL));

  @RegisterExtension private final LoopbackServer server = new LoopbackServer();

  @ParameterizedTest
  @EnumSource
  @SuppressWarnings("deprecation") // users still do it
  void onAnExecutorGroup(Transport transport) throws Exception {
    EventExecutorGroup group = new DefaultEventExecutorGroup(2);
    server.start(
        transport,
        channel -> {
          channel.pipeline().addLast(new ArenaLifecycleHandler(guard.allocator()));
          channel.pipeline().addLast(group, new Answer(Runnable::run));
        });
    exchange();
    TestThreads.end(group);
  }

  @ParameterizedTest
  @EnumSource
  void onAThreadPool(Transport transport) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(3);
    server.start(transport, channel -> addTo(channel, pool));
    exchange();
    pool.shutdown();
    assertThat(pool.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void onVirtualThreads(Transport transport) throws Exception {
    assumeTrue(VirtualThreads.exist(), "virtual threads need JDK 21");
    server.start(transport, channel -> addTo(channel, VirtualThreads::start));
    exchange();
  }

  private void addTo(Channel channel, Executor executor) {
    channel.pipeline().addLast(new ArenaLifecycleHandler(guard.allocator()), new Answer(executor));
  }

  /** Answers each read in an executor, with the request held open until the answer is written. */
  private static final class Answer extends ChannelInboundHandlerAdapter {
    private final Executor executor;

    Answer(Executor executor) {
      this.executor = executor;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      RequestHold hold = ArenaLifecycleHandler.arena(ctx.channel()).hold();
      executor.execute(
          () -> {
            ByteBuf read = (ByteBuf) message;
            ByteBuf answer = ctx.alloc().buffer(16).writeBytes(read); // it grows there, too
            read.release();
            ctx.writeAndFlush(answer);
            hold.close();
          });
    }
  }

  /** Sends one request after the other on all connections, and checks every byte. */
  private void exchange() throws Exception {
    List<Connection> connections = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      connections.add(server.connect());
    }
    for (int request = 0; request < REQUESTS; request++) {
      for (Connection connection : connections) {
        connection.send(Patterns.bytes(SIZE, request + connection.hashCode()));
      }
      for (Connection connection : connections) {
        byte[] answer = connection.receive(SIZE);
        Arrays.sort(answer); // parts of one request may be answered by different threads
        byte[] sent = Patterns.bytes(SIZE, request + connection.hashCode());
        Arrays.sort(sent);
        assertThat(answer).isEqualTo(sent);
      }
    }
    connections.forEach(HandlersElsewhereTest::assertHoldsNothing);
    assertThat(log.text()).doesNotContain("LEAK").doesNotContain("ERROR");
  }

  private static void assertHoldsNothing(Connection connection) {
    ConnectionArenaMetric metric = connection.arena().metric();
    TestThreads.await("every release", () -> metric.leasedBlocks() == 0);
    assertThat(metric.resets()).isPositive();
  }
}
