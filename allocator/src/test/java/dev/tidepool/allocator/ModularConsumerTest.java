package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A module that requires the allocator: it compiles without a warning and runs, with only the
 * allocator and the Netty modules that it depends on on the module path.
 */
class ModularConsumerTest {
  private static final Pattern NETTY_JARS =
      Pattern.compile("netty-(buffer|common|resolver|transport)-\\d[^-]*\\.jar");

  private static final String MODULE =
      """
      module consumer {
        requires dev.tidepool.allocator;
      }
      """;

  /** Source that uses each public type whose members declare which values may be null. */
  private static final String MAIN =
      """
      package consumer;

      import dev.tidepool.allocator.ArenaByteBufAllocator;
      import dev.tidepool.allocator.ArenaChannelInitializer;
      import dev.tidepool.allocator.ConnectionArena;
      import dev.tidepool.allocator.LeakReport;
      import dev.tidepool.allocator.Recording;
      import dev.tidepool.allocator.Survivor;
      import dev.tidepool.allocator.Trace;
      import dev.tidepool.allocator.ArenaLifecycleHandler;
      import io.netty.bootstrap.Bootstrap;
      import io.netty.bootstrap.ServerBootstrap;
      import io.netty.buffer.ByteBuf;
      import io.netty.channel.ChannelHandlerContext;
      import io.netty.channel.ChannelInboundHandlerAdapter;
      import io.netty.channel.EventLoopGroup;
      import io.netty.channel.MultiThreadIoEventLoopGroup;
      import io.netty.channel.embedded.EmbeddedChannel;
      import io.netty.channel.local.LocalAddress;
      import io.netty.channel.local.LocalChannel;
      import io.netty.channel.local.LocalIoHandler;
      import io.netty.channel.local.LocalServerChannel;
      import java.net.SocketAddress;
      import java.util.concurrent.TimeUnit;

      public final class Main {
        private Main() {}

        public static void main(String[] args) {
          ArenaByteBufAllocator allocator =
              ArenaByteBufAllocator.builder()
                  .recording(Recording.ALL)
                  .leakListener(Main::print)
                  .build();
          EmbeddedChannel channel = new EmbeddedChannel(new ArenaLifecycleHandler(allocator));
          ConnectionArena arena = ArenaLifecycleHandler.arena(channel);
          ByteBuf buffer = arena.buffer(256).writeInt(7);
          arena.reset();
          for (Survivor survivor : arena.survivors(1)) {
            System.out.println("survivor: " + survivor.capacity() + " bytes");
          }
          System.out.println("read: " + buffer.readInt());
          buffer.release();
          channel.finishAndReleaseAll();
          wrap();
          accept();
        }

        /** Without a codec to detect; pressure looks for HTTP/2. */
        private static void wrap() {
          ArenaByteBufAllocator budgeted =
              ArenaByteBufAllocator.builder().softBudget(4096).build();
          EmbeddedChannel channel =
              new EmbeddedChannel(
                  new ArenaChannelInitializer(budgeted, new ChannelInboundHandlerAdapter()));
          ByteBuf large = channel.alloc().buffer(100_000);
          channel.runPendingTasks();
          System.out.println("reads: " + channel.config().isAutoRead());
          large.release();
          channel.finishAndReleaseAll();
        }

        /** A server that knows nothing of arenas. */
        private static void accept() {
          EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());
          SocketAddress address = new LocalAddress("consumer");
          new ServerBootstrap()
              .group(loops)
              .channel(LocalServerChannel.class)
              .childHandler(
                  new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelActive(ChannelHandlerContext ctx) {
                      System.out.println("accepted: " + (ctx.alloc() instanceof ConnectionArena));
                      ctx.close();
                    }
                  })
              .bind(address)
              .syncUninterruptibly();
          new Bootstrap()
              .group(loops)
              .channel(LocalChannel.class)
              .handler(new ChannelInboundHandlerAdapter())
              .connect(address)
              .syncUninterruptibly()
              .channel()
              .closeFuture()
              .syncUninterruptibly();
          loops.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
        }

        private static void print(LeakReport report) {
          Trace allocated = report.allocatedAt();
          System.out.println(report + ", " + allocated + ", " + report.lastTouchedAt());
        }
      }
      """;

  @TempDir private Path directory;

  @Test
  void compilesAndRunsWithTheAllocatorAndNettyAlone() throws Exception {
    compile();
    Path output = directory.resolve("output");
    Path recording = directory.resolve("consumer.jfr");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-p",
                classes() + File.pathSeparator + modulePath(),
                "-Dio.netty.bootstrap.extensions=serviceload",
                "-XX:StartFlightRecording:filename=" + recording,
                "-m",
                "consumer/consumer.Main")
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("the consumer has ended").isTrue();
    assertThat(Files.readString(output))
        .contains("survivor: 256 bytes", "read: 7", "reads: false", "accepted: true");
    assertThat(process.exitValue()).isZero();
    assertThat(RecordingFile.readAllEvents(recording))
        .as("the allocator tells Flight Recorder, though the consumer requires no such module")
        .anyMatch(event -> event.getEventType().getName().equals("dev.tidepool.ReadPause"));
  }

  private void compile() throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      compiler
          .getTask(
              null,
              files,
              diagnostics,
              List.of("-Xlint:all", "-d", classes().toString(), "-p", modulePath()),
              null,
              files.getJavaFileObjects(
                  source("module-info.java", MODULE), source("consumer/Main.java", MAIN)))
          .call();
    }
    assertThat(diagnostics.getDiagnostics()).isEmpty();
  }

  private Path source(String name, String text) throws IOException {
    Path file = directory.resolve("sources").resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private Path classes() {
    return directory.resolve("classes");
  }

  private static String modulePath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(ModularConsumerTest::isAllocatorOrNetty)
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static boolean isAllocatorOrNetty(String entry) {
    Path path = Path.of(entry);
    return Files.exists(path.resolve("module-info.class"))
        || NETTY_JARS.matcher(path.getFileName().toString()).matches();
  }
}
