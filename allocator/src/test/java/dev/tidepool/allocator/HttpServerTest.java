package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.LoopbackServer.Connection;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An HTTP/1.1 server that echoes in chunks, from another thread, over every transport. Its requests
 * end exactly when its own count says that they are over.
 */
class HttpServerTest {
  @RegisterExtension private final UpstreamGuard guard = UpstreamGuard.of(Checks.OFF);
  @RegisterExtension private final LoopbackServer server = new LoopbackServer();

  private final ArenaByteBufAllocator allocator = guard.allocator();
  private final ExecutorService workers = Executors.newSingleThreadExecutor();

  /** The requests received by the test's one connection whose answer is not written yet. */
  private final AtomicInteger open = new AtomicInteger();

  private final AtomicInteger received = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();
  private final AtomicInteger endedTooEarly = new AtomicInteger();

  @AfterEach
  void end() throws InterruptedException {
    workers.shutdown();
    assertThat(workers.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
  }

  private Connection start(Transport transport) throws Exception {
    server.start(
        transport,
        channel ->
            channel
                .pipeline()
                .addLast(new ArenaLifecycleHandler(allocator))
                .addLast(new HttpServerCodec())
                .addLast(RequestBoundary.http1())
                .addLast(new Echo()));
    return server.connect();
  }

  /** A worker makes and writes every part of the answer. */
  private final class Echo extends SimpleChannelInboundHandler<HttpObject> {
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
      if (message instanceof HttpRequest) {
        received.getAndIncrement();
        open.getAndIncrement();
        ArenaLifecycleHandler.arena(ctx.channel()).onReset(this::requestEnded);
        workers.execute(() -> answerHead(ctx));
      }
      if (message instanceof HttpContent content) {
        ByteBuf bytes = content.content().retain();
        workers.execute(() -> answer(ctx, bytes, content instanceof LastHttpContent));
      }
    }

    private void requestEnded() {
      ended.getAndIncrement();
      if (open.get() != 0) {
        endedTooEarly.getAndIncrement();
      }
    }

    private void answerHead(ChannelHandlerContext ctx) {
      HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
      response.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
      ctx.write(response);
    }

    private void answer(ChannelHandlerContext ctx, ByteBuf bytes, boolean isLast) {
      ByteBuf copy = ctx.alloc().buffer(bytes.readableBytes() + 1).writeBytes(bytes);
      bytes.release();
      ctx.write(new DefaultHttpContent(copy));
      if (isLast) {
        ChannelPromise written = ctx.newPromise();
        var closed = written.addListener(done -> open.getAndDecrement());
        ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT, closed);
      }
    }
  }

  // The client

  private static byte[] body(int size, int seed) {
    byte[] body = new byte[size];
    new Random(seed).nextBytes(body);
    return body;
  }

  private static byte[] request(byte[] body, boolean chunked) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String length = chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + body.length;
    out.write(ascii("POST / HTTP/1.1\r\nHost: loopback\r\n" + length + "\r\n\r\n"));
    if (!chunked) {
      out.write(body);
      return out.toByteArray();
    }
    for (int from = 0; from < body.length; from += 1000) {
      int bytes = Math.min(1000, body.length - from);
      out.write(ascii(Integer.toHexString(bytes) + "\r\n"));
      out.write(body, from, bytes);
      out.write(ascii("\r\n"));
    }
    out.write(ascii("0\r\n\r\n"));
    return out.toByteArray();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      assertThat(next).as("the server closed after " + line).isNotNegative();
      line.append((char) next);
    }
    return line.toString().trim();
  }

  private static byte[] response(InputStream in) throws IOException {
    assertThat(line(in)).isEqualTo("HTTP/1.1 200 OK");
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      assertThat(header).contains(":");
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int size = chunkSize(in); size > 0; size = chunkSize(in)) {
      body.write(in.readNBytes(size));
      assertThat(line(in)).isEmpty();
    }
    assertThat(line(in)).isEmpty();
    return body.toByteArray();
  }

  private static int chunkSize(InputStream in) throws IOException {
    return Integer.parseInt(line(in), 16);
  }

  private static InputStream in(Connection connection) throws IOException {
    return new BufferedInputStream(connection.socket().getInputStream());
  }

  private void assertAllEnded(Connection connection, int requests) {
    TestThreads.await("the last end", () -> ended.get() >= requests);
    connection.onLoop(() -> {});
    assertThat(received).hasValue(requests);
    assertThat(ended).hasValue(requests);
    assertThat(endedTooEarly).hasValue(0);
    assertThat(open).hasValue(0);
  }

  // Cases

  @ParameterizedTest
  @EnumSource
  void eachOfSuccessiveRequestsResetsTheArena(Transport transport) throws Exception {
    Connection connection = start(transport);
    InputStream in = in(connection);
    int requests = 50;
    for (int i = 1; i <= requests; i++) {
      byte[] body = body(i * 331 % 5000, i);
      connection.send(request(body, i % 2 == 0));
      assertThat(response(in)).isEqualTo(body);
      int soFar = i;
      TestThreads.await("the end", () -> connection.arena().metric().resets() >= soFar);
    }
    assertThat(connection.arena().metric().resets()).isEqualTo(requests);
    assertThat(connection.arena().metric().requests()).isEqualTo(requests);
    assertAllEnded(connection, requests);
  }

  @ParameterizedTest
  @EnumSource
  void pipelinedRequestsShareTheArenaUntilAllEnd(Transport transport) throws Exception {
    Connection connection = start(transport);
    InputStream in = in(connection);
    int requests = 0;
    for (int round = 1; round <= 10; round++) {
      ByteArrayOutputStream sent = new ByteArrayOutputStream();
      for (int i = 0; i < round; i++) {
        sent.write(request(body(700, i), i % 3 == 0));
      }
      connection.send(sent.toByteArray());
      for (int i = 0; i < round; i++) {
        assertThat(response(in)).isEqualTo(body(700, i));
      }
      requests += round;
    }
    assertAllEnded(connection, requests);
    assertThat(connection.arena().metric().resets()).isBetween(1L, (long) requests);
  }

  @ParameterizedTest
  @EnumSource
  void aSlowReadersRequestEndsWhenAllIsWritten(Transport transport) throws Exception {
    Connection connection = start(transport);
    byte[] body = body(16 << 20, 1);
    CompletableFuture<Void> sent =
        CompletableFuture.runAsync(
            () -> {
              try {
                connection.send(request(body, false));
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    sent.join(); // the server has received all, and the client has read nothing
    TestThreads.await("the request", () -> received.get() == 1);
    connection.onLoop(() -> assertThat(connection.arena().metric().resets()).isZero());
    assertThat(response(in(connection))).isEqualTo(body);
    assertAllEnded(connection, 1);
    ConnectionArena arena = connection.arena();
    TestThreads.await("the reset", () -> arena.metric().resets() == 1);
    assertThat(arena.metric().requests()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void anAbortedConnectionEndsItsRequestsOnce(Transport transport) throws Exception {
    Connection connection = start(transport);
    byte[] half = request(body(1000, 1), false);
    connection.send(request(body(1000, 1), false));
    response(in(connection));
    connection.socket().getOutputStream().write(half, 0, half.length / 2);
    TestThreads.await("the second request", () -> received.get() == 2);
    ConnectionArena arena = connection.arena();
    connection.socket().setSoLinger(true, 0);
    connection.socket().close();
    TestThreads.await("the arena's end", arena::isClosed);
    TestThreads.await("the second end", () -> ended.get() == 2);
    TestThreads.await("the arenas' end", () -> allocator.metric().openArenas() == 0);
    assertThat(arena.metric().resets()).isEqualTo(2);
  }
}
