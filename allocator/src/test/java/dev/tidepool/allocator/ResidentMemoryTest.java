package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The return of a burst's memory to the operating system, measured in a process of its own, whose
 * resident set nothing else changes.
 */
@EnabledOnOs(OS.LINUX)
class ResidentMemoryTest {
  private static final int CONNECTIONS = 256;
  private static final int BUFFERS = 64;
  private static final int BUFFER_BYTES = 16 * 1024;
  private static final long BURST = (long) CONNECTIONS * BUFFERS * BUFFER_BYTES;
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

  @TempDir private Path directory;

  @Test
  void afterABurstResidentMemoryIsAsSmallAsBefore() throws Exception {
    assumeTrue(hasNativeTrim(), "this virtual machine has no systemTrimNativeHeap");
    List<String> lines = runBurst();
    assertThat(lines).last().asString().startsWith("burst gone");
    assertThat(lines).anyMatch(line -> line.startsWith("native trims: NativeTrim[at="));
  }

  /** The counter-test: a threshold of zero means never. */
  @Test
  void withoutTheNativeTrimResidentMemoryStaysLarge() throws Exception {
    assumeTrue(hasNativeTrim(), "this virtual machine has no systemTrimNativeHeap");
    List<String> lines = runBurst("-Ddev.tidepool.nativeTrimThreshold=0");
    assertThat(lines).last().asString().startsWith("burst there");
    assertThat(lines).contains("native trims: none");
  }

  private static boolean hasNativeTrim() throws Exception {
    var mbean = new ObjectName("com.sun.management:type=DiagnosticCommand");
    return Arrays.stream(
            ManagementFactory.getPlatformMBeanServer().getMBeanInfo(mbean).getOperations())
        .anyMatch(operation -> operation.getName().equals("systemTrimNativeHeap"));
  }

  private List<String> runBurst(String... options) throws Exception {
    Path output = directory.resolve("output");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xms64m", "-Xmx64m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC"));
    command.add("-XX:MaxDirectMemorySize=1g");
    command.add("--enable-native-access=ALL-UNNAMED"); // with it Netty frees at once from JDK 24 on
    command.add("-Ddev.tidepool.maxBlockSize=64k"); // glibc maps larger blocks separately
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Burst.class.getName()));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean ended = process.waitFor(3, TimeUnit.MINUTES);
    process.destroyForcibly();
    List<String> lines = Files.readAllLines(output);
    assertThat(ended).as("the burst has ended%s%s", File.separator, lines).isTrue();
    return lines;
  }

  /** The child process. */
  static final class Burst {
    private static final ArenaByteBufAllocator ALLOCATOR = ArenaByteBufAllocator.DEFAULT;

    private Burst() {}

    public static void main(String[] args) throws Exception {
      EventExecutor loop = new DefaultEventExecutor();
      loop.submit(() -> ALLOCATOR.directBuffer().release()).sync();
      long start = ALLOCATOR.metric().residentMemory();
      List<ByteBuf> others = new ArrayList<>();
      loop.submit(() -> burst(loop, others)).sync();
      System.out.println("burst over, resident: " + ALLOCATOR.metric().residentMemory());
      long bound = start + BURST / 2;
      while (ALLOCATOR.metric().usedDirectMemory() > 0) {
        Thread.sleep(10); // at most two trim intervals
      }
      boolean gone = awaitHalf(bound);
      System.out.println(
          "native trims: "
              + ALLOCATOR.metric().lastNativeTrim().map(Object::toString).orElse("none"));
      System.out.println(
          "burst %s, resident: %d, bound: %d"
              .formatted(gone ? "gone" : "there", ALLOCATOR.metric().residentMemory(), bound));
      others.forEach(ByteBuf::release);
      loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }

    /** Allocates between the blocks, as glibc by itself gives back only what lies at the top. */
    private static void burst(EventExecutor loop, List<ByteBuf> others) {
      List<ConnectionArena> connections = new ArrayList<>();
      List<ByteBuf> buffers = new ArrayList<>();
      for (int i = 0; i < CONNECTIONS; i++) {
        ConnectionArena connection = ALLOCATOR.newConnectionArena(loop);
        connections.add(connection);
        for (int j = 0; j < BUFFERS; j++) {
          buffers.add(touched(connection));
        }
        others.add(UnpooledByteBufAllocator.DEFAULT.directBuffer(256));
      }
      buffers.forEach(ByteBuf::release);
      connections.forEach(ConnectionArena::close);
    }

    private static ByteBuf touched(ByteBufAllocator allocator) {
      return allocator.directBuffer(BUFFER_BYTES).writeZero(BUFFER_BYTES);
    }

    private static boolean awaitHalf(long bound) throws InterruptedException {
      boolean trims = ALLOCATOR.options().get(Options.NATIVE_TRIM_THRESHOLD) > 0;
      long deadline = System.nanoTime() + (trims ? PATIENCE : 0);
      while (ALLOCATOR.metric().residentMemory() > bound
          || (trims && ALLOCATOR.metric().lastNativeTrim().isEmpty())) {
        if (System.nanoTime() - deadline >= 0) {
          return false;
        }
        Thread.sleep(50);
      }
      return true;
    }
  }
}
