package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.LoopbackServer.Connection;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The recipes of the README, each compiled as it stands there and run as the text describes. */
class ReadmeTest {
  private static final Path README = Path.of("..", "README.md");
  private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  /** The source around a recipe. */
  private static final String SURROUNDINGS =
      """
      import dev.tidepool.allocator.*;
      import io.netty.bootstrap.*;
      import io.netty.buffer.*;
      import io.netty.channel.*;
      import io.netty.handler.codec.http.*;
      import io.netty.handler.codec.http2.*;
      import java.util.concurrent.*;

      public final class Recipe%d {
        public record Query() {}

        public record Reply() {}

        public static final class YourInitializer extends ChannelInitializer<Channel> {
          @Override
          protected void initChannel(Channel channel) {
            channel.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(1024));
          }
        }

        private static ByteBuf answer(ByteBuf request) {
          return request;
        }

        public static void run(
            ServerBootstrap bootstrap,
            ChannelPipeline pipeline,
            ChannelHandlerContext ctx,
            Channel channel,
            ArenaByteBufAllocator allocator,
            Executor workers,
            ByteBuf request) {
          %s
        }
      }
      """;

  @TempDir private static Path compiled;
  private static List<Class<?>> recipes;

  @RegisterExtension
  private final UpstreamGuard guard = UpstreamGuard.of(ArenaByteBufAllocator.DEFAULT);

  @RegisterExtension private final LoopbackServer server = new LoopbackServer();

  @BeforeAll
  static void compile() throws IOException, ReflectiveOperationException {
    List<String> arguments =
        new ArrayList<>(
            List.of("-d", compiled.toString(), "-cp", System.getProperty("java.class.path")));
    Matcher blocks = JAVA.matcher(Files.readString(README));
    int count = 0;
    while (blocks.find()) {
      Path source = compiled.resolve("Recipe%d.java".formatted(count));
      Files.writeString(source, SURROUNDINGS.formatted(count++, blocks.group(1)));
      arguments.add(source.toString());
    }
    int exit =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, arguments.toArray(String[]::new));
    assertThat(exit).as("the compiler's exit code").isZero();
    recipes = new ArrayList<>();
    URLClassLoader loader = new URLClassLoader(new URL[] {compiled.toUri().toURL()});
    for (int i = 0; i < count; i++) {
      recipes.add(loader.loadClass("Recipe" + i));
    }
  }

  private record Surroundings(
      ServerBootstrap bootstrap,
      ChannelPipeline pipeline,
      ChannelHandlerContext ctx,
      Channel channel,
      Executor workers,
      ByteBuf request) {

    static Surroundings of(ChannelPipeline pipeline) {
      return new Surroundings(null, pipeline, null, pipeline.channel(), null, null);
    }
  }

  private static void run(int recipe, Surroundings in) {
    try {
      Method run = recipes.get(recipe).getMethods()[0];
      for (Method method : recipes.get(recipe).getMethods()) {
        run = method.getName().equals("run") ? method : run;
      }
      run.invoke(
          null,
          in.bootstrap,
          in.pipeline,
          in.ctx,
          in.channel,
          ArenaByteBufAllocator.DEFAULT,
          in.workers,
          in.request);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("recipe " + recipe, e);
    }
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

  private static void exchange(Connection connection, int request) throws Exception {
    connection.send(new byte[100 * request]);
    connection.receive(100 * request);
  }

  @Test
  void everyRecipeHasATestHere() {
    assertThat(recipes).hasSize(9);
  }

  @Test
  void theSharedAllocatorForAllConnections() throws Exception {
    server.start(
        Transport.NIO,
        bootstrap -> run(0, new Surroundings(bootstrap, null, null, null, null, null)),
        channel -> channel.pipeline().addLast(new Echo()));
    Connection connection = server.connect();
    exchange(connection, 1);
    assertThat(connection.channel().alloc()).isSameAs(ArenaByteBufAllocator.DEFAULT);
  }

  @Test
  void anArenaForEachConnectionThatResetsWithEachBurst() throws Exception {
    Connection connection =
        connect(
            channel -> {
              channel.pipeline().addLast(new Echo());
              run(1, Surroundings.of(channel.pipeline()));
            });
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
              run(2, Surroundings.of(channel.pipeline()));
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

  private static Object message(int recipe, String name) throws ReflectiveOperationException {
    for (Class<?> type : recipes.get(recipe).getClasses()) {
      if (type.getSimpleName().equals(name)) {
        return type.getConstructor().newInstance();
      }
    }
    throw new AssertionError(name);
  }

  @Test
  void theMessagesOfAnyProtocolBeginAndEndRequests() throws Exception {
    EmbeddedChannel channel = new EmbeddedChannel();
    run(1, Surroundings.of(channel.pipeline()));
    run(3, Surroundings.of(channel.pipeline()));
    ConnectionArena arena = ArenaLifecycleHandler.arena(channel);
    for (int i = 1; i <= 3; i++) {
      channel.writeInbound(message(3, "Query"));
      assertThat(arena.metric().resets()).isEqualTo(i - 1);
      channel.writeOutbound(message(3, "Reply"));
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
            run(4, new Surroundings(null, null, ctx, ctx.channel(), late, (ByteBuf) message));
          }
        };
    Connection connection =
        connect(
            channel -> {
              channel.pipeline().addLast(handler);
              run(1, Surroundings.of(channel.pipeline()));
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
    Connection connection =
        connect(
            channel -> {
              channel.pipeline().addLast(new Echo());
              run(5, Surroundings.of(channel.pipeline()));
            });
    exchange(connection, 1);
    exchange(connection, 2);
    connection.onLoop(() -> assertThat(connection.arena().metric().resets()).isZero());
    run(6, Surroundings.of(connection.channel().pipeline()));
    connection.awaitRequests(1);
  }

  @Test
  void anInitializerThatIsWrappedGetsArenasAndTheBoundary() throws Exception {
    server.start(
        Transport.NIO,
        bootstrap -> {
          ChannelHandler accepting = bootstrap.config().childHandler();
          run(7, new Surroundings(bootstrap, null, null, null, null, null));
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
    run(1, Surroundings.of(channel.pipeline()));
    channel.pipeline().addLast(Http2FrameCodecBuilder.forServer().build());
    run(8, Surroundings.of(channel.pipeline()));
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
}
