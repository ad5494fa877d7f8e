package dev.tidepool.echo.demo;

import static dev.tidepool.echo.figures.Figures.bytes;
import static dev.tidepool.echo.figures.Figures.count;
import static dev.tidepool.echo.figures.Figures.format;
import static dev.tidepool.echo.figures.Figures.rate;

import dev.tidepool.echo.load.LoadTally;
import dev.tidepool.echo.server.ServerMemory;
import java.util.concurrent.TimeUnit;

/**
 * The progress of a running demo since it was last asked for, in a line that fits a terminal:
 * requests and bytes a second, bytes verified and mismatched, and the upstream memory held.
 */
final class DemoProgress {
  private static final double MEBIBYTE = 1 << 20;

  private final LoadTally tally;
  private final ServerMemory memory;
  private final long beginNanos = System.nanoTime();
  private long lastNanos = beginNanos;
  private long lastRequests;
  private long lastBytes;

  DemoProgress(LoadTally tally, ServerMemory memory) {
    this.tally = tally;
    this.memory = memory;
  }

  String line() {
    long now = System.nanoTime();
    double seconds = Math.max(1, now - lastNanos) / 1e9;
    long requests = tally.answered();
    long verified = tally.bytesVerified();
    String line =
        format(
            " %3d s %8s req/s %6s MiB/s  %s verified, %s wrong  %s held",
            TimeUnit.NANOSECONDS.toSeconds(now - beginNanos),
            rate((requests - lastRequests) / seconds),
            rate((verified - lastBytes) / seconds / MEBIBYTE),
            bytes(verified),
            count(tally.bytesMismatched()),
            bytes(memory.used()));
    lastNanos = now;
    lastRequests = requests;
    lastBytes = verified;
    return line;
  }
}
