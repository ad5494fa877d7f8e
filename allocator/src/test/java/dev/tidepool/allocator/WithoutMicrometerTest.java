package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The library on a class path without Micrometer, in a process of its own: it serves and is
 * observed. {@link ModularConsumerTest} has none on its module path either.
 */
class WithoutMicrometerTest {
  @TempDir private Path directory;

  /** The program that runs. */
  static final class Program {
    private Program() {}

    public static void main(String[] args) {
      ArenaByteBufAllocator allocator = ArenaByteBufAllocator.builder().build();
      EmbeddedChannel channel = new EmbeddedChannel(new ArenaLifecycleHandler(allocator));
      var buffer = channel.alloc().directBuffer(100);
      ConnectionWalk walk = allocator.connections(1, ConnectionOrder.HEAVIEST);
      System.out.println("live buffers: " + walk.liveBuffers());
      buffer.release();
      channel.finishAndReleaseAll();
      try {
        System.out.println("binder: " + new ArenaMeterBinder(allocator).getClass());
      } catch (NoClassDefFoundError e) {
        System.out.println("missing: " + e.getMessage());
      }
    }
  }

  @Test
  void servesAndIsObservedWithoutIt() throws Exception {
    Path output = directory.resolve("output");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                pathWithoutMicrometer(),
                Program.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("the program has ended").isTrue();
    assertThat(Files.readString(output))
        .contains("live buffers: 1", "missing: io/micrometer/core/instrument/binder/MeterBinder");
    assertThat(process.exitValue()).isZero();
  }

  private static String pathWithoutMicrometer() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !Path.of(entry).getFileName().toString().startsWith("micrometer-"))
        .collect(Collectors.joining(File.pathSeparator));
  }
}
