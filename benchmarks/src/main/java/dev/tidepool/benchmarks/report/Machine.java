package dev.tidepool.benchmarks.report;

import io.netty.util.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the figures were measured on, in the words of the system. */
final class Machine {
  private Machine() {}

  static Map<String, String> describe() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("CPU", after("/proc/cpuinfo", "model name", System.getProperty("os.arch")));
    facts.put("cores", String.valueOf(Runtime.getRuntime().availableProcessors()));
    facts.put("memory", after("/proc/meminfo", "MemTotal", "unknown"));
    facts.put("kernel", System.getProperty("os.name") + ' ' + System.getProperty("os.version"));
    facts.put("hypervisor", isVirtual() ? "yes" : "none reported");
    facts.put("Netty", netty());
    return facts;
  }

  private static String netty() {
    Version version = Version.identify().get("netty-buffer");
    return version == null ? "unknown" : version.artifactVersion();
  }

  private static boolean isVirtual() {
    return (' ' + after("/proc/cpuinfo", "flags", "") + ' ').contains(" hypervisor ");
  }

  /** What follows the colon on the first line that begins with {@code key}. */
  private static String after(String file, String key, String otherwise) {
    return lines(Path.of(file)).stream()
        .filter(line -> line.startsWith(key) && line.contains(":"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse(otherwise);
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      return List.of(); // not on Linux
    }
  }
}
