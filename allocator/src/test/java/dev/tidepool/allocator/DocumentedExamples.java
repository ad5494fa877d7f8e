package dev.tidepool.allocator;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of Java in the README and in the documentation that have a name, in a comment before
 * them, compiled as they stand there.
 */
final class DocumentedExamples {
  private static final Path README = Path.of("..", "README.md");
  private static final Path DOCS = Path.of("docs");
  private static final Pattern EXAMPLE =
      Pattern.compile("<!-- example: ([a-z0-9]+) -->\n```java\n(.*?)```", Pattern.DOTALL);

  /** The source around an example. */
  private static final String SURROUNDINGS =
      """
      import static java.nio.charset.StandardCharsets.US_ASCII;
      import static org.assertj.core.api.Assertions.assertThat;

      import dev.tidepool.allocator.*;
      import io.netty.bootstrap.*;
      import io.netty.buffer.*;
      import io.netty.channel.*;
      import io.netty.channel.embedded.*;
      import io.netty.handler.codec.http.*;
      import io.micrometer.core.instrument.*;
      import io.micrometer.core.instrument.simple.*;
      import io.micrometer.prometheusmetrics.*;
      import io.netty.handler.codec.http2.*;
      import java.time.*;
      import java.util.*;
      import java.util.concurrent.*;

      public final class Example_%s {
        public record Query() {}

        public record Reply() {}

        public static final class YourInitializer extends ChannelInitializer<Channel> {
          @Override
          protected void initChannel(Channel channel) {
            channel.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(1024));
          }
        }

        public static final StringBuilder log = new StringBuilder();

        private static final class Logger {
          void info(String line) {
            log.append(line);
          }
        }

        private static final Logger logger = new Logger();

        public static final MeterRegistry registry = new SimpleMeterRegistry();
        public static ConnectionArena arena;
        public static EventRecording recording;

        private static ByteBuf answer(ByteBuf request) {
          return request;
        }

        public static void run(
            ServerBootstrap bootstrap,
            ChannelPipeline pipeline,
            ChannelHandlerContext ctx,
            %s
            ChannelHandler handler,
            ArenaByteBufAllocator allocator,
            Executor workers,
            ByteBuf request) {
          %s
        }
      }
      """;

  private static final String CHANNEL = "Channel channel,";

  private final Map<String, Class<?>> classes = new LinkedHashMap<>();

  private DocumentedExamples() {}

  /** What an example may name; most use little of it. */
  record Surroundings(
      @Nullable ServerBootstrap bootstrap,
      @Nullable ChannelPipeline pipeline,
      @Nullable ChannelHandlerContext ctx,
      @Nullable ChannelHandler handler,
      @Nullable Executor workers,
      @Nullable ByteBuf request) {

    static Surroundings of(ServerBootstrap bootstrap) {
      return new Surroundings(bootstrap, null, null, null, null, null);
    }

    static Surroundings of(ChannelPipeline pipeline) {
      return new Surroundings(null, pipeline, null, null, null, null);
    }

    static Surroundings of(ChannelHandler handler) {
      return new Surroundings(null, null, null, handler, null, null);
    }

    static Surroundings of(ChannelHandlerContext ctx, Executor workers, ByteBuf request) {
      return new Surroundings(null, ctx.pipeline(), ctx, null, workers, request);
    }

    private @Nullable Channel channel() {
      return pipeline == null ? null : pipeline.channel();
    }
  }

  /**
   * Compiles all examples.
   *
   * @param directory for sources and classes
   * @throws AssertionError if one does not compile, or two of the same name differ
   */
  static DocumentedExamples compiledIn(Path directory) throws IOException {
    Map<String, String> sources = read();
    List<String> arguments =
        new ArrayList<>(
            List.of("-d", directory.toString(), "-cp", System.getProperty("java.class.path")));
    for (Map.Entry<String, String> source : sources.entrySet()) {
      Path file = directory.resolve("Example_%s.java".formatted(source.getKey()));
      boolean declares = source.getValue().contains(" channel = ");
      Files.writeString(
          file,
          SURROUNDINGS.formatted(
              source.getKey(), declares ? "Channel other," : CHANNEL, source.getValue()));
      arguments.add(file.toString());
    }
    int exit =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, arguments.toArray(String[]::new));
    if (exit != 0) {
      throw new AssertionError("the compiler's exit code is " + exit + ", expected 0");
    }
    return load(directory, sources.keySet());
  }

  private static Map<String, String> read() throws IOException {
    List<Path> pages = new ArrayList<>(List.of(README));
    try (Stream<Path> docs = Files.list(DOCS)) {
      docs.filter(page -> page.toString().endsWith(".md")).sorted().forEach(pages::add);
    }
    Map<String, String> sources = new LinkedHashMap<>();
    for (Path page : pages) {
      Matcher example = EXAMPLE.matcher(Files.readString(page));
      while (example.find()) {
        String other = sources.put(example.group(1), example.group(2));
        if (other != null && !other.equals(example.group(2))) {
          throw new AssertionError(
              "%s: the example '%s' differs from another page's".formatted(page, example.group(1)));
        }
      }
    }
    return sources;
  }

  private static DocumentedExamples load(Path directory, Set<String> names) throws IOException {
    DocumentedExamples examples = new DocumentedExamples();
    URLClassLoader loader = new URLClassLoader(new URL[] {directory.toUri().toURL()});
    for (String name : names) {
      try {
        examples.classes.put(name, loader.loadClass("Example_" + name));
      } catch (ClassNotFoundException e) {
        throw new LinkageError("example " + name, e);
      }
    }
    return examples;
  }

  Set<String> names() {
    return classes.keySet();
  }

  /**
   * Runs an example.
   *
   * @throws IllegalStateException with the cause if it fails
   */
  void run(String name, Surroundings in) {
    for (Method method : classes.get(name).getMethods()) {
      if (method.getName().equals("run")) {
        run(method, name, in);
      }
    }
  }

  private static void run(Method method, String name, Surroundings in) {
    try {
      method.invoke(
          null,
          in.bootstrap,
          in.pipeline,
          in.ctx,
          in.channel(),
          in.handler,
          ArenaByteBufAllocator.DEFAULT,
          in.workers,
          in.request);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException("example " + name, e.getCause());
    } catch (IllegalAccessException e) {
      throw new LinkageError("example " + name, e);
    }
  }

  /** What an example has logged. */
  String log(String name) throws ReflectiveOperationException {
    return field(name, "log").get(null).toString();
  }

  /** A static field around an example. */
  Field field(String name, String field) throws ReflectiveOperationException {
    return classes.get(name).getField(field);
  }

  /** A new message of a class that the examples name. */
  Object message(String name, String type) throws ReflectiveOperationException {
    for (Class<?> declared : classes.get(name).getClasses()) {
      if (declared.getSimpleName().equals(type)) {
        return declared.getConstructor().newInstance();
      }
    }
    throw new AssertionError(type);
  }
}
