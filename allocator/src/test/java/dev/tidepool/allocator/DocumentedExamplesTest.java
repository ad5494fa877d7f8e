package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidepool.allocator.DocumentedExamples.Surroundings;
import dev.tidepool.allocator.LoopbackServer.Connection;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of the README and of the documentation, each run as the text around it says. */
class DocumentedExamplesTest {
  private static DocumentedExamples examples;

  @RegisterExtension
  private final UpstreamGuard guard = UpstreamGuard.of(ArenaByteBufAllocator.DEFAULT);

  @RegisterExtension private final LoopbackServer server = new LoopbackServer();

  @BeforeAll
  static void compile(@TempDir Path directory) throws IOException {
    examples = DocumentedExamples.compiledIn(directory);
  }

  @ChannelHandler.Sharable
  private static final class Echo extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ctx.writeAndFlush(message);
    }
  }

  private Connection connect(Consumer<Channel> pipeline) throws Exception {
    server.start(Transport.NIO, pipeline);
    return server.connect();
  }

  /** To a server that echoes, whose pipeline the example completes. */
  private Connection connectToEcho(String example) throws Exception {
    return connect(
        channel -> {
          channel.pipeline().addLast(new Echo());
          examples.run(example, Surroundings.of(channel.pipeline()));
        });
  }

  private static void exchange(Connection connection, int request) throws Exception {
    connection.send(new byte[100 * request]);
    connection.receive(100 * request);
  }

  @Test
  void everyExampleHasATestHere() {
    assertThat(examples.names())
        .containsExactlyInAnyOrder(
            "shared",
            "handler",
            "http1",
            "messages",
            "hold",
            "manual",
            "reset",
            "initializer",
            "streams",
            "budgets",
            "dump",
            "binder",
            "taggedbinder",
            "prometheus",
            "recording",
            "recorded",
            "testallocator",
            "survivors");
  }

  @Test
  void theSharedAllocatorForAllConnections() throws Exception {
    server.start(
        Transport.NIO,
        bootstrap -> examples.run("shared", Surroundings.of(bootstrap)),
        channel -> channel.pipeline().addLast(new Echo()));
    Connection connection = server.connect();
    exchange(connection, 1);
    assertThat(connection.channel().alloc()).isSameAs(ArenaByteBufAllocator.DEFAULT);
  }

  @Test
  void anArenaForEachConnectionThatResetsWithEachBurst() throws Exception {
    Connection connection = connectToEcho("handler");
    for (int i = 1; i <= 5; i++) {
      exchange(connection, i);
      connection.awaitRequests(i);
    }
  }

  private static final class HttpHello extends SimpleChannelInboundHandler<HttpObject> {
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
      if (message instanceof LastHttpContent) {
        DefaultFullHttpResponse response =
            new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.OK,
                ctx.alloc().buffer(5).writeBytes("hello".getBytes(StandardCharsets.US_ASCII)));
        response.headers().set(HttpHeaderNames.CONTENT_LENGTH, 5);
        ctx.writeAndFlush(response);
      }
    }
  }

  @Test
  void anHttpServerResetsWithEachRequest() throws Exception {
    Connection connection =
        connect(
            channel -> {
              examples.run("http1", Surroundings.of(channel.pipeline()));
              channel.pipeline().addLast(new HttpHello());
            });
    String request = "POST / HTTP/1.1\r\nHost: loopback\r\nContent-Length: 4\r\n\r\nbody";
    for (int i = 1; i <= 10; i++) {
      connection.send(request.substring(0, 50).getBytes(StandardCharsets.US_ASCII));
      connection.send(request.substring(50).getBytes(StandardCharsets.US_ASCII));
      String response = new String(connection.receive(43), StandardCharsets.US_ASCII);
      assertThat(response).startsWith("HTTP/1.1 200 OK").endsWith("\r\n\r\nhello");
      connection.awaitRequests(i);
      assertThat(connection.arena().metric().resets()).isEqualTo(i);
    }
  }

  @Test
  void theMessagesOfAnyProtocolBeginAndEndRequests() throws Exception {
    EmbeddedChannel channel = new EmbeddedChannel();
    examples.run("handler", Surroundings.of(channel.pipeline()));
    examples.run("messages", Surroundings.of(channel.pipeline()));
    ConnectionArena arena = ArenaLifecycleHandler.arena(channel);
    for (int i = 1; i <= 3; i++) {
      channel.writeInbound(examples.message("messages", "Query"));
      assertThat(arena.metric().resets()).isEqualTo(i - 1);
      channel.writeOutbound(examples.message("messages", "Reply"));
      assertThat(arena.metric().resets()).isEqualTo(i);
    }
    channel.finishAndReleaseAll();
  }

  @Test
  void aHandlerThatAnswersLaterHoldsItsRequest() throws Exception {
    ExecutorService workers = Executors.newSingleThreadExecutor();
    AtomicBoolean answered = new AtomicBoolean();
    AtomicBoolean endedTooEarly = new AtomicBoolean();
    ChannelHandler handler =
        new ChannelInboundHandlerAdapter() {
          @Override
          public void channelRead(ChannelHandlerContext ctx, Object message) {
            answered.set(false);
            ArenaLifecycleHandler.arena(ctx.channel())
                .onReset(() -> endedTooEarly.compareAndSet(false, !answered.get()));
            workers.execute(() -> TestThreads.run(ctx.executor(), () -> {})); // after the burst
            Executor late =
                task ->
                    workers.execute(
                        () -> {
                          answered.set(true);
                          task.run();
                        });
            examples.run("hold", Surroundings.of(ctx, late, (ByteBuf) message));
          }
        };
    Connection connection =
        connect(
            channel -> {
              channel.pipeline().addLast(handler);
              examples.run("handler", Surroundings.of(channel.pipeline()));
            });
    for (int i = 1; i <= 5; i++) {
      exchange(connection, i);
      connection.awaitRequests(i);
    }
    assertThat(endedTooEarly).isFalse();
    workers.shutdown();
  }

  @Test
  void byHandNothingResetsBeforeTheCall() throws Exception {
    Connection connection = connectToEcho("manual");
    exchange(connection, 1);
    exchange(connection, 2);
    connection.onLoop(() -> assertThat(connection.arena().metric().resets()).isZero());
    examples.run("reset", Surroundings.of(connection.channel().pipeline()));
    connection.awaitRequests(1);
  }

  @Test
  void anInitializerThatIsWrappedGetsArenasAndTheBoundary() throws Exception {
    server.start(
        Transport.NIO,
        bootstrap -> {
          ChannelHandler accepting = bootstrap.config().childHandler();
          examples.run("initializer", Surroundings.of(bootstrap));
          ChannelHandler wrapping = bootstrap.config().childHandler();
          bootstrap.childHandler(
              new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel channel) {
                  channel.pipeline().addLast(wrapping, accepting);
                }
              });
        },
        channel -> channel.pipeline().addLast(new HttpHello()));
    Connection connection = server.connect();
    String request = "GET / HTTP/1.1\r\nHost: loopback\r\n\r\n";
    for (int i = 1; i <= 10; i++) {
      connection.send(request.substring(0, 20).getBytes(StandardCharsets.US_ASCII));
      connection.send(request.substring(20).getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(connection.receive(43), StandardCharsets.US_ASCII)).endsWith("hello");
      connection.awaitRequests(i);
      assertThat(connection.arena().metric().resets()).isEqualTo(i);
    }
  }

  @Test
  void aStreamOfHttp2HasAnArenaWithinItsConnections() {
    EmbeddedChannel channel = new EmbeddedChannel();
    examples.run("handler", Surroundings.of(channel.pipeline()));
    channel.pipeline().addLast(Http2FrameCodecBuilder.forServer().build());
    examples.run("streams", Surroundings.of(channel.pipeline()));
    int before = ArenaByteBufAllocator.DEFAULT.metric().openArenas();
    String preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    String settings = "\0\0\0\4\0\0\0\0\0";
    String headers = "\0\0\3\1\4\0\0\0\3\u0083\u0086\u0084"; // POST http /
    byte[] bytes = (preface + settings + headers).getBytes(StandardCharsets.ISO_8859_1);
    channel.writeInbound(channel.alloc().buffer().writeBytes(bytes));
    assertThat(ArenaByteBufAllocator.DEFAULT.metric().openArenas()).isEqualTo(before + 1);
    channel.finishAndReleaseAll();
    assertThat(ArenaByteBufAllocator.DEFAULT.metric().openArenas()).isEqualTo(before - 1);
  }

  @Test
  void aBudgetIsTheConnectionsLimit() {
    EmbeddedChannel channel = new EmbeddedChannel();
    examples.run("budgets", Surroundings.of(channel.pipeline()));
    assertThatThrownBy(() -> channel.alloc().buffer(17 << 20))
        .isInstanceOf(ArenaBudgetExceededException.class);
    channel.finishAndReleaseAll();
  }

  @Test
  void aConnectionsBuffersAreListed() throws Exception {
    Connection connection = connectToEcho("handler");
    connection.onLoop(
        () -> {
          ByteBuf kept = connection.channel().alloc().buffer(77);
          connection.arena().reset();
          examples.run("dump", Surroundings.of(connection.channel().pipeline()));
          connection.channel().eventLoop().execute(kept::release);
        });
    connection.onLoop(() -> assertThat(examples.log("dump")).contains("77"));
  }

  private static final Surroundings NOTHING = Surroundings.of(new Echo());

  @ParameterizedTest
  @ValueSource(strings = {"binder", "taggedbinder"})
  void theMetersAreInTheRegistry(String example) throws Exception {
    examples.run(example, NOTHING);
    MeterRegistry registry = (MeterRegistry) examples.field(example, "registry").get(null);
    assertThat(registry.getMeters()).hasSizeGreaterThan(20);
  }

  @Test
  void theMetersAsPrometheusReadsThem() {
    examples.run("prometheus", NOTHING);
  }

  @Test
  void aConnectionsEventsAreRecorded() throws Exception {
    Connection connection = connectToEcho("handler");
    connection.onLoop(() -> examples.field("recording", "arena").set(null, connection.arena()));
    connection.onLoop(() -> examples.run("recording", NOTHING));
    assertThatThrownBy(() -> connection.arena().recordEvents(1)).hasMessageContaining("record");
  }

  @Test
  void aRecordingIsReadFromTheLastEventOn() throws Exception {
    Connection connection = connectToEcho("handler");
    try (EventRecording recording = connection.arena().recordEvents(100)) {
      examples.field("recorded", "recording").set(null, recording);
      exchange(connection, 1);
      examples.run("recorded", NOTHING);
    }
  }

  @Test
  void theStrictAllocatorForTests() {
    examples.run("testallocator", Surroundings.of(new Echo()));
  }

  @Test
  void aHandlerThatKeepsItsMessageIsFoundByTheDocumentedTest() {
    examples.run("survivors", Surroundings.of(new Echo()));
    List<Object> kept = new ArrayList<>();
    ChannelHandler forgetful =
        new ChannelInboundHandlerAdapter() {
          @Override
          public void channelRead(ChannelHandlerContext ctx, Object message) {
            kept.add(message);
          }
        };
    assertThatThrownBy(() -> examples.run("survivors", Surroundings.of(forgetful)))
        .rootCause()
        .isInstanceOf(AssertionError.class);
    kept.forEach(ReferenceCountUtil::release);
  }
}
