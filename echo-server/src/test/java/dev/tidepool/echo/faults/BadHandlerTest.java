package dev.tidepool.echo.faults;

import static dev.tidepool.echo.testing.TestClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.Checks;
import dev.tidepool.echo.testing.HandlerServer;
import dev.tidepool.echo.testing.TestClient;
import dev.tidepool.echo.testing.TestServer;
import dev.tidepool.echo.transport.TransportChoice;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.ReferenceCountUtil;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A handler that does what none may ends its own connection at most: the others go on, byte for
 * byte, and all memory comes back as far as the handler lets go of it.
 */
class BadHandlerTest {
  private static final byte BAD = 0x42;
  private static final byte[] REQUEST = {BAD, 1, 2, 3};
  private static final int BAD_CONNECTIONS = 50;

  /** Fewer, for each has its line in the log. */
  private static final int LEAKS = 3;

  private static final byte[] GOOD = bytes(3000, 4);

  static {
    GOOD[0] = 0;
  }

  static Stream<Arguments> transportsAndChecks() {
    return Stream.of(TransportChoice.NIO, TransportChoice.EPOLL, TransportChoice.IO_URING)
        .flatMap(
            transport ->
                Stream.of(Checks.OFF, Checks.FULL).map(checks -> Arguments.of(transport, checks)));
  }

  /** Does something bad to requests that begin with the bad byte. */
  private static Supplier<ChannelHandler> onBad(
      BiConsumer<ChannelHandlerContext, ByteBuf> something) {
    return () ->
        new ChannelInboundHandlerAdapter() {
          @Override
          public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf request = (ByteBuf) message;
            if (request.getByte(request.readerIndex()) == BAD) {
              something.accept(ctx, request);
            } else {
              ctx.fireChannelRead(request);
            }
          }
        };
  }

  @ParameterizedTest
  @MethodSource("transportsAndChecks")
  void oneThatThrows(TransportChoice transport, Checks checks) throws Exception {
    Supplier<ChannelHandler> handler =
        onBad(
            (ctx, request) -> {
              ByteBuf half = ctx.alloc().buffer(500);
              try {
                throw new IllegalStateException("bad");
              } finally {
                half.release();
                ReferenceCountUtil.release(request);
              }
            });
    try (HandlerServer server = new HandlerServer(transport, checks, handler);
        TestClient good = new TestClient(server.address())) {
      for (int i = 0; i < BAD_CONNECTIONS; i++) {
        badRequest(server);
        assertThat(server.thrown()).isInstanceOf(IllegalStateException.class);
        good.assertEchoes(GOOD);
      }
      print("throws", BAD_CONNECTIONS, transport, checks, server);
    }
  }

  @ParameterizedTest
  @MethodSource("transportsAndChecks")
  void oneThatReleasesTwice(TransportChoice transport, Checks checks) throws Exception {
    Supplier<ChannelHandler> handler =
        onBad(
            (ctx, request) -> {
              request.release();
              request.release();
            });
    try (HandlerServer server = new HandlerServer(transport, checks, handler);
        TestClient good = new TestClient(server.address())) {
      for (int i = 0; i < BAD_CONNECTIONS; i++) {
        badRequest(server);
        assertThat(server.thrown()).isInstanceOf(IllegalReferenceCountException.class);
        good.assertEchoes(GOOD);
      }
      print("releases twice", BAD_CONNECTIONS, transport, checks, server);
    }
  }

  /** Each leak is found without a garbage collection, and costs its connection's block, no more. */
  @ParameterizedTest
  @MethodSource("transportsAndChecks")
  void oneThatNeverReleases(TransportChoice transport, Checks checks) throws Exception {
    Queue<ByteBuf> kept = new ConcurrentLinkedQueue<>();
    Supplier<ChannelHandler> handler =
        onBad(
            (ctx, request) -> {
              kept.add(request);
              ctx.close();
            });
    try (HandlerServer server = new HandlerServer(transport, checks, handler);
        TestClient good = new TestClient(server.address())) {
      for (int i = 0; i < LEAKS; i++) {
        badRequest(server);
        good.assertEchoes(GOOD);
      }
      TestServer.await("every leak reported", () -> server.allocator().metric().leaks() == LEAKS);
      print("never releases", LEAKS, transport, checks, server);
      kept.forEach(buffer -> assertThat(buffer.getByte(buffer.readerIndex())).isEqualTo(BAD));
      kept.forEach(ByteBuf::release);
    }
  }

  private static void badRequest(HandlerServer server) throws Exception {
    try (TestClient bad = new TestClient(server.address())) {
      bad.send(REQUEST);
      bad.assertClosed();
    }
  }

  private static void print(
      String what, int times, TransportChoice transport, Checks checks, HandlerServer server) {
    System.out.printf(
        "a handler that %s, %s, checks %s, %d times: %s%n",
        what, transport, checks, times, server.allocator().metric());
  }
}
