package dev.tidepool.echo.server;

import static dev.tidepool.echo.figures.Figures.bytes;
import static dev.tidepool.echo.figures.Figures.count;
import static dev.tidepool.echo.figures.Figures.nanos;
import static dev.tidepool.echo.figures.Figures.seconds;

import dev.tidepool.allocator.NativeTrim;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Tells in a few lines what a server did and where its memory is. */
public final class ServedReport {
  private ServedReport() {}

  public static List<String> lines(ServedAccount account) {
    return List.of(served(account), memory(account.memory()), process(account.memory()));
  }

  private static String served(ServedAccount account) {
    return "served: "
        + count(account.connections(), "connection", "connections")
        + ", "
        + count(account.requests(), "request", "requests")
        + ", "
        + bytes(account.bytes())
        + ", "
        + count(account.errors(), "error", "errors");
  }

  static String memory(MemoryAccount memory) {
    MemoryAccount.Arenas arenas = memory.arenas();
    if (arenas == null) {
      return "memory: " + bytes(memory.used()) + " still held by the allocator";
    }
    return "memory: "
        + bytes(arenas.peak())
        + " upstream at the peak, "
        + bytes(memory.used())
        + " now, "
        + count(arenas.leaks(), "leak", "leaks")
        + (memory.kept() ? ": every byte went back" : ": NOT ALL MEMORY WENT BACK");
  }

  /** What the operating system counts, beside what the allocator does. */
  public static String process(MemoryAccount memory) {
    String resident = "process: " + resident(memory.resident());
    MemoryAccount.Arenas arenas = memory.arenas();
    if (arenas == null) {
      return resident;
    }
    return resident
        + ", "
        + bytes(arenas.idle())
        + " idle in pools when it stopped, "
        + arenas.nativeTrim().map(ServedReport::nativeTrim).orElse("no native trim");
  }

  /** So many bytes of the process, as {@code serve} and {@code load} say it. */
  public static String resident(long bytes) {
    return (bytes < 0 ? "n/a" : bytes(bytes)) + " resident";
  }

  private static String nativeTrim(NativeTrim trim) {
    Duration ago = Duration.between(trim.at(), Instant.now());
    return "the last of "
        + count(trim.count(), "native trim", "native trims")
        + " gave back "
        + bytes(trim.returnedBytes())
        + " in "
        + nanos(trim.took().toNanos())
        + ", "
        + seconds(ago)
        + " ago";
  }
}
