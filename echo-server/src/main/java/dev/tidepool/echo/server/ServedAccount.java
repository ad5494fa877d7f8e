package dev.tidepool.echo.server;

/** What a server did from its start to its stop. */
public record ServedAccount(
    long connections, long requests, long bytes, long errors, MemoryAccount memory) {

  static ServedAccount of(ServerTotals totals, MemoryAccount memory) {
    return new ServedAccount(
        totals.connections(), totals.requests(), totals.bytes(), totals.errors(), memory);
  }
}
