package dev.tidepool.benchmarks.report;

import io.netty.util.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** What the figures were measured on, in the words of the system. */
final class Machine {
  private Machine() {}

  static Map<String, String> describe() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("CPU", after("/proc/cpuinfo", "model name"));
    facts.put("cores", String.valueOf(Runtime.getRuntime().availableProcessors()));
    facts.put("memory", after("/proc/meminfo", "MemTotal"));
    facts.put("kernel", System.getProperty("os.name") + ' ' + System.getProperty("os.version"));
    boolean isVirtual = after("/proc/cpuinfo", "flags").contains(" hypervisor ");
    facts.put("hypervisor", isVirtual ? "yes" : "none reported");
    Version netty = Objects.requireNonNull(Version.identify().get("netty-buffer"), "netty-buffer");
    facts.put("Netty", netty.artifactVersion());
    return facts;
  }

  /** What follows the colon on the first line that begins with {@code key}. */
  private static String after(String file, String key) {
    try (Stream<String> lines = Files.lines(Path.of(file))) {
      return lines
          .filter(line -> line.startsWith(key) && line.contains(":"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    } catch (IOException e) {
      return "unknown"; // not on Linux
    }
  }
}
