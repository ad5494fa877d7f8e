package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The memory that connections hold for their reads, over real sockets, after large answers. */
class ReadMemoryTest {
  private static final int CONNECTIONS = 500;
  private static final int ANSWER = 100_000;
  private static final int BLOCK = 4 * 1024;
  private static final byte WHOLE = 'w';
  private static final byte PART = 'p';

  @RegisterExtension private final UpstreamGuard guard = UpstreamGuard.of(Checks.OFF);
  @RegisterExtension private final LoopbackServer server = new LoopbackServer();

  private final ArenaByteBufAllocator allocator = guard.allocator();
  private final AtomicInteger parts = new AtomicInteger();
  private final List<LoopbackServer.Connection> connections = new ArrayList<>();

  /** Answers a whole request, and keeps an incomplete one. */
  private final class Server extends ChannelInboundHandlerAdapter {
    private ByteBuf part;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ByteBuf request = (ByteBuf) message;
      if (request.getByte(request.readerIndex()) == PART) {
        part = request;
        parts.incrementAndGet();
        return;
      }
      request.release();
      ByteBuf answer = ctx.alloc().buffer(ANSWER).writeZero(ANSWER);
      ctx.writeAndFlush(answer)
          .addListener(
              (ChannelFutureListener)
                  written -> ArenaLifecycleHandler.arena(written.channel()).reset());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      assertThat(cause).isInstanceOf(IOException.class); // the peer's reset
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      if (part != null) {
        part.release();
      }
      ctx.fireChannelInactive();
    }
  }

  private void connectAll(Transport transport, RecvByteBufAllocator reads)
      throws IOException, InterruptedException {
    server.start(
        transport,
        channel -> {
          if (reads != null) {
            channel.config().setRecvByteBufAllocator(reads);
          }
          channel
              .pipeline()
              .addLast(
                  new ArenaLifecycleHandler(allocator, RequestBoundary.manual()), new Server());
        });
    for (int i = 0; i < CONNECTIONS; i++) {
      LoopbackServer.Connection connection = server.connect();
      connections.add(connection);
      for (int answers = 0; answers < 3; answers++) {
        connection.send(WHOLE);
        connection.receive(ANSWER);
      }
      connection.awaitRequests(3);
    }
  }

  private Set<EventExecutor> loops() {
    return connections.stream()
        .map(connection -> connection.channel().eventLoop())
        .collect(Collectors.toSet());
  }

  private void leaveAll() throws IOException {
    for (LoopbackServer.Connection connection : connections) {
      connection.socket().close();
    }
  }

  private void awaitClosed() {
    for (LoopbackServer.Connection connection : connections) {
      assertThat(connection.channel().closeFuture().awaitUninterruptibly(10_000)).isTrue();
    }
    loops().forEach(loop -> TestThreads.run(loop, () -> {})); // after what followed the closes
  }

  /** Runs {@code action} while the event loops are blocked: they find its effects at once. */
  private void atOnce(Action action) throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch held = new CountDownLatch(loops().size());
    loops()
        .forEach(
            loop ->
                loop.execute(
                    () -> {
                      held.countDown();
                      awaitUninterruptibly(go);
                    }));
    held.await();
    try {
      action.run();
    } finally {
      go.countDown();
    }
  }

  private interface Action {
    void run() throws Exception;
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @ParameterizedTest
  @CsvSource({"NIO, false", "NIO, true", "EPOLL, false", "IO_URING, false"})
  void aByteOfTheNextRequestHoldsTheSmallestBlock(Transport transport, boolean fixed)
      throws Exception {
    connectAll(transport, fixed ? new FixedRecvByteBufAllocator(2048) : null);
    for (LoopbackServer.Connection connection : connections) {
      connection.send(PART);
    }
    TestThreads.await("parts", () -> parts.get() == CONNECTIONS);
    assertThat(allocator.metric().leasedMemory()).isLessThanOrEqualTo((long) CONNECTIONS * BLOCK);
    leaveAll();
    awaitClosed();
  }

  @ParameterizedTest
  @EnumSource(names = {"NIO", "EPOLL"}) // with io_uring each connection holds a read buffer
  void connectionsThatCloseTogetherHoldNothing(Transport transport) throws Exception {
    connectAll(transport, null);
    assertThat(allocator.metric().leasedMemory()).as("idle").isZero();
    long before = allocator.metric().upstreamAllocations();
    atOnce(this::leaveAll);
    awaitClosed();
    assertThat(allocator.metric().upstreamAllocations() - before)
        .as("new blocks")
        .isLessThanOrEqualTo(loops().size());
  }

  @Test
  void connectionsThatResetHoldNothing() throws Exception {
    connectAll(Transport.NIO, null);
    long before = allocator.metric().upstreamAllocations();
    atOnce(
        () -> {
          for (LoopbackServer.Connection connection : connections) {
            connection.socket().setSoLinger(true, 0);
            connection.socket().close();
          }
        });
    awaitClosed();
    assertThat(allocator.metric().upstreamAllocations() - before)
        .isLessThanOrEqualTo(loops().size());
  }

  @Test
  void aHalfClosedConnectionHoldsNothing() throws Exception {
    Queue<Object> events = new ConcurrentLinkedQueue<>();
    server.start(
        Transport.NIO,
        channel -> {
          channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
          channel
              .pipeline()
              .addLast(
                  new ArenaLifecycleHandler(allocator, RequestBoundary.manual()),
                  new ChannelInboundHandlerAdapter() {
                    @Override
                    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                      events.add(event);
                    }
                  });
        });
    LoopbackServer.Connection connection = server.connect();
    connection.socket().shutdownOutput();
    TestThreads.await("the end of the input", () -> !events.isEmpty());
    connection.onLoop(() -> assertThat(connection.arena().metric().chargedBytes()).isZero());
    assertThat(connection.channel().isActive()).isTrue();
  }

  /** An allocator of the application, which counts how often its buffers shrink. */
  private static final class OwnAllocator extends AbstractByteBufAllocator {
    private final AtomicInteger shrunk = new AtomicInteger();

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
      return new UnpooledDirectByteBuf(this, initialCapacity, maxCapacity) {
        @Override
        public ByteBuf capacity(int newCapacity) {
          shrunk.incrementAndGet();
          return super.capacity(newCapacity);
        }
      };
    }

    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
      throw new UnsupportedOperationException("not for reads");
    }

    @Override
    public boolean isDirectBufferPooled() {
      return true;
    }
  }

  @ParameterizedTest
  @EnumSource
  void buffersOfAnotherAllocatorAreNotTrimmed(Transport transport) throws Exception {
    OwnAllocator own = new OwnAllocator();
    Queue<Integer> capacities = new ConcurrentLinkedQueue<>();
    server.start(
        transport,
        channel -> {
          channel
              .pipeline()
              .addLast(
                  new ArenaLifecycleHandler(allocator),
                  new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object message) {
                      capacities.add(((ByteBuf) message).capacity());
                      ((ByteBuf) message).release();
                    }
                  });
          useInstead(channel, own);
        });
    LoopbackServer.Connection connection = server.connect();
    connection.send((byte) 1, (byte) 2);
    TestThreads.await("the read", () -> !capacities.isEmpty());
    assertThat(capacities).allSatisfy(bytes -> assertThat(bytes).isGreaterThan(2));
    assertThat(own.shrunk).hasValue(0);
  }

  private static void useInstead(Channel channel, ByteBufAllocator own) {
    channel
        .pipeline()
        .addLast(
            new ChannelInboundHandlerAdapter() {
              @Override
              public void channelActive(ChannelHandlerContext ctx) {
                ctx.channel().config().setAllocator(own);
                ctx.fireChannelActive();
              }
            });
  }
}
