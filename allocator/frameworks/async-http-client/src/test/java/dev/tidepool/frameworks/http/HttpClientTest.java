package dev.tidepool.frameworks.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.frameworks.AllocatorGuard;
import dev.tidepool.frameworks.Content;
import dev.tidepool.frameworks.Setting;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.asynchttpclient.AsyncHandler;
import org.asynchttpclient.AsyncHttpClient;
import org.asynchttpclient.DefaultAsyncHttpClientConfig;
import org.asynchttpclient.Dsl;
import org.asynchttpclient.HttpResponseBodyPart;
import org.asynchttpclient.HttpResponseStatus;
import org.asynchttpclient.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Netty's own HTTP/1.1 server, asked by Netty's own client and by AsyncHttpClient. */
@ParameterizedClass
@EnumSource(Setting.class)
class HttpClientTest {
  @RegisterExtension final AllocatorGuard serving;
  @RegisterExtension final AllocatorGuard asking;

  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
  private final BlockingQueue<byte[]> answers = new LinkedBlockingQueue<>();
  private Channel listening;
  private int port;

  HttpClientTest(Setting setting) {
    serving = AllocatorGuard.of(setting);
    asking = AllocatorGuard.of(setting);
  }

  @BeforeEach
  void start() {
    listening =
        HttpClientRecipes.server(loops, serving.allocator(), EchoServer::new)
            .bind("127.0.0.1", 0)
            .syncUninterruptibly()
            .channel();
    port = ((InetSocketAddress) listening.localAddress()).getPort();
  }

  @AfterEach
  void stop() {
    listening.close().syncUninterruptibly();
    asking.awaitArenas(0);
    serving.awaitArenas(0);
    loops.shutdownGracefully(0, 20, TimeUnit.SECONDS).syncUninterruptibly();
  }

  // Netty's own

  /** Gathers each answer. */
  private final class Gatherer extends SimpleChannelInboundHandler<HttpObject> {
    private final ByteArrayOutputStream answer = new ByteArrayOutputStream();

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) throws Exception {
      if (message instanceof HttpContent part) {
        part.content().readBytes(answer, part.content().readableBytes());
      }
      if (message instanceof LastHttpContent) {
        answers.add(answer.toByteArray());
        answer.reset();
      }
    }
  }

  private Channel connect() {
    return HttpClientRecipes.client(loops, asking.allocator(), Gatherer::new)
        .connect("127.0.0.1", port)
        .syncUninterruptibly()
        .channel();
  }

  private static FullHttpRequest post(Channel connection, int seed, int length) {
    ByteBuf body = connection.alloc().buffer(length).writeBytes(Content.bytes(seed, length));
    FullHttpRequest request =
        new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/", body);
    request.headers().set(HttpHeaderNames.HOST, "loopback");
    request.headers().set(HttpHeaderNames.CONTENT_LENGTH, length);
    return request;
  }

  private byte[] nextAnswer() throws InterruptedException {
    return answers.poll(20, TimeUnit.SECONDS);
  }

  @Test
  void nettysClientOneRequestAfterTheOther() throws Exception {
    Channel connection = connect();
    for (int i = 1; i <= 50; i++) {
      connection.writeAndFlush(post(connection, i, 300 * i));
      Content.verify(i, 300 * i, nextAnswer());
    }
    serving.awaitRequests(50);
    asking.awaitEach(1, arena -> arena.requests() > 0 && arena.leasedBlocks() == 0);
    assertThat(asking.allocatedBytes()).isGreaterThan(300 * 50 * 51 / 2);
    connection.close().syncUninterruptibly();
  }

  @Test
  void nettysClientWithPipelinedRequests() throws Exception {
    Channel connection = connect();
    for (int i = 1; i <= 50; i++) {
      connection.write(post(connection, i, 300 * i));
    }
    connection.flush();
    for (int i = 1; i <= 50; i++) {
      Content.verify(i, 300 * i, nextAnswer());
    }
    serving.awaitEach(1, arena -> arena.requests() >= 1 && arena.leasedBlocks() == 0);
    connection.close().syncUninterruptibly();
  }

  // AsyncHttpClient

  private static DefaultAsyncHttpClientConfig.Builder config() {
    return Dsl.config()
        .setIoThreadsCount(2)
        .setShutdownQuietPeriod(Duration.ofMillis(100))
        .setRequestTimeout(Duration.ofSeconds(20));
  }

  private String url(String path) {
    return "http://127.0.0.1:" + port + path;
  }

  private void postsAtOnce(AsyncHttpClient client) throws Exception {
    List<CompletableFuture<Response>> responses = new ArrayList<>();
    for (int i = 1; i <= 40; i++) {
      responses.add(
          client
              .preparePost(url("/"))
              .setBody(Content.bytes(i, 1_000 * i))
              .execute()
              .toCompletableFuture());
    }
    for (int i = 1; i <= 40; i++) {
      byte[] answer = responses.get(i - 1).get(20, TimeUnit.SECONDS).getResponseBodyAsBytes();
      Content.verify(i, 1_000 * i, answer);
    }
  }

  @Test
  void asyncHttpClient() throws Exception {
    try (AsyncHttpClient client = HttpClientRecipes.asyncHttpClient(config(), asking.allocator())) {
      postsAtOnce(client);
      serving.awaitRequests(40);
      assertThat(asking.arenas()).hasSameSizeAs(serving.arenas());
      assertThat(asking.allocatedBytes()).isGreaterThan(1_000 * 40 * 41 / 2);
    }
  }

  @Test
  void asyncHttpClientOnTheSharedAllocator() throws Exception {
    try (AsyncHttpClient client =
        HttpClientRecipes.sharedAsyncHttpClient(config(), asking.allocator())) {
      postsAtOnce(client);
      assertThat(asking.arenas()).isEmpty();
      assertThat(asking.allocator().metric().upstreamAllocations()).isPositive();
    }
  }

  @Test
  void anAnswerThatAsyncHttpClientGivesUpHalfWay() throws Exception {
    try (AsyncHttpClient client = HttpClientRecipes.asyncHttpClient(config(), asking.allocator())) {
      PartOfAnswer part = new PartOfAnswer();
      client.prepareGet(url("/6/" + 1_000_000)).execute(part).get(20, TimeUnit.SECONDS);
      assertThat(part.received.position()).isGreaterThan(20 * EchoServer.CHUNK);
      serving.awaitArenas(0);
      postsAtOnce(client);
    }
  }

  private static final class PartOfAnswer implements AsyncHandler<Boolean> {
    final Content received = Content.expected(6);

    @Override
    public State onStatusReceived(HttpResponseStatus status) {
      return State.CONTINUE;
    }

    @Override
    public State onHeadersReceived(HttpHeaders headers) {
      return State.CONTINUE;
    }

    @Override
    public State onBodyPartReceived(HttpResponseBodyPart part) {
      received.verify(part.getBodyPartBytes());
      return received.position() > 20 * EchoServer.CHUNK ? State.ABORT : State.CONTINUE;
    }

    @Override
    public void onThrowable(Throwable e) {}

    @Override
    public Boolean onCompleted() {
      return true;
    }
  }
}
