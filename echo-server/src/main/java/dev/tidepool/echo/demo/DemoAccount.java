package dev.tidepool.echo.demo;

import static dev.tidepool.echo.figures.Figures.bytes;
import static dev.tidepool.echo.figures.Figures.count;
import static dev.tidepool.echo.figures.Figures.format;

import dev.tidepool.echo.load.LoadReport;
import dev.tidepool.echo.server.ArenaAccount;
import dev.tidepool.echo.server.MemoryAccount;
import dev.tidepool.echo.server.ServedReport;
import java.util.ArrayList;
import java.util.List;

/** Tells a newcomer what a demo showed. */
public final class DemoAccount {
  private static final int CONNECTIONS_SHOWN = 10;
  private static final String ROW = "  %-6s%10s%10s%11s%16s%12s%12s";

  private DemoAccount() {}

  public static List<String> lines(DemoResult result) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add("What the clients saw: every byte that came back was compared with what was sent");
    lines.addAll(LoadReport.lines(result.load()));
    lines.add("");
    addArenas(lines, result.arenas());
    lines.add("");
    addMemory(lines, result.served().memory());
    return lines;
  }

  private static void addArenas(List<String> lines, List<ArenaAccount> arenas) {
    lines.add("What the server's arenas did: one for each connection, reset at a request's end");
    lines.add("(requests that arrive in one burst of reads are one request to the arena)");
    lines.add(
        format(
            ROW,
            "port",
            "requests",
            "resets",
            "allocated",
            "peak a request",
            "blocks now",
            "stragglers"));
    arenas.stream().limit(CONNECTIONS_SHOWN).map(DemoAccount::row).forEach(lines::add);
    if (arenas.size() > CONNECTIONS_SHOWN) {
      lines.add("  ... and " + (arenas.size() - CONNECTIONS_SHOWN) + " more");
    }
    lines.add(total(arenas));
  }

  private static String row(ArenaAccount arena) {
    return format(
        ROW,
        arena.remote().getPort(),
        count(arena.requests()),
        count(arena.resets()),
        bytes(arena.allocatedBytes()),
        bytes(arena.peakRequestBytes()),
        count(arena.leasedBlocks()),
        count(arena.stragglers()));
  }

  private static String total(List<ArenaAccount> arenas) {
    return format(
        ROW,
        "all " + arenas.size(),
        count(arenas.stream().mapToLong(ArenaAccount::requests).sum()),
        count(arenas.stream().mapToLong(ArenaAccount::resets).sum()),
        bytes(arenas.stream().mapToLong(ArenaAccount::allocatedBytes).sum()),
        bytes(arenas.stream().mapToLong(ArenaAccount::peakRequestBytes).max().orElse(0)),
        count(arenas.stream().mapToLong(ArenaAccount::leasedBlocks).sum()),
        count(arenas.stream().mapToLong(ArenaAccount::stragglers).sum()));
  }

  private static void addMemory(List<String> lines, MemoryAccount memory) {
    lines.add("What the server held from upstream, which is where all its memory came from");
    MemoryAccount.Arenas arenas = memory.arenas();
    if (arenas != null) {
      lines.add(
          format(
              "  %-18s%s, asked for in %s",
              "at the peak",
              bytes(arenas.peak()),
              count(arenas.upstreamAllocations(), "allocation", "allocations")));
      lines.add(format("  %-18s%s", "leaked buffers", count(arenas.leaks())));
    }
    lines.add(
        format(
            "  %-18s%s%s",
            "after shutdown",
            bytes(memory.used()),
            memory.kept() ? ": every byte went back" : ": NOT ALL MEMORY WENT BACK"));
    lines.add("  " + ServedReport.process(memory));
  }
}
