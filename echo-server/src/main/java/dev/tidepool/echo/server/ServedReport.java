package dev.tidepool.echo.server;

import static dev.tidepool.echo.figures.Figures.bytes;
import static dev.tidepool.echo.figures.Figures.count;

import java.util.List;

/** Tells in a few lines what a server did and where its memory is. */
public final class ServedReport {
  private ServedReport() {}

  public static List<String> lines(ServedAccount account) {
    return List.of(served(account), memory(account.memory()));
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
}
