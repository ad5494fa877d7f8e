package dev.tidepool.echo.server;

import static dev.tidepool.echo.figures.Figures.bytes;
import static dev.tidepool.echo.figures.Figures.count;
import static dev.tidepool.echo.figures.Figures.nanos;
import static dev.tidepool.echo.figures.Figures.seconds;

import dev.tidepool.allocator.NativeTrim;
import dev.tidepool.echo.figures.Summary;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The memory of a server after its stop, as its allocator measured it.
 *
 * @param used bytes still held from upstream, -1 if the allocator does not say
 * @param resident bytes of the process in physical memory, -1 where the system does not say
 * @param arenas the figures that only the arena allocator has, null for the others
 */
public record MemorySummary(long used, long resident, @Nullable Arenas arenas) implements Summary {

  /**
   * The figures of the arena allocator.
   *
   * @param peak the most bytes held at once
   * @param upstreamAllocations how often memory was allocated upstream
   * @param leaks buffers that were reported as leaked
   * @param provokedLeaks those of them that a viewer of the live page asked for, and that have been
   *     released since
   * @param idle bytes that lay idle in the block pools before the server trimmed them
   * @param nativeTrim the last time that freed memory went back to the operating system
   */
  public record Arenas(
      long peak,
      long upstreamAllocations,
      long leaks,
      long provokedLeaks,
      long idle,
      Optional<NativeTrim> nativeTrim) {}

  /** Whether all memory went back upstream, which only arenas promise. */
  public boolean kept() {
    return arenas == null || (used == 0 && arenas.leaks() == arenas.provokedLeaks());
  }

  @Override
  public List<String> lines() {
    return List.of("memory: " + held(), process());
  }

  private String held() {
    if (arenas == null) {
      return afterwards();
    }
    return bytes(arenas.peak())
        + " upstream at the peak, "
        + bytes(used)
        + " now, "
        + count(arenas.leaks(), "leak", "leaks")
        + provoked(arenas.provokedLeaks())
        + verdict();
  }

  private static String provoked(long leaks) {
    return leaks == 0 ? "" : " (" + count(leaks) + " asked for on the page)";
  }

  /** What is held, and of arenas whether that is right. */
  public String afterwards() {
    if (arenas != null) {
      return bytes(used) + verdict();
    }
    return used < 0 ? "not counted by the allocator" : bytes(used) + " still held by the allocator";
  }

  private String verdict() {
    return kept() ? ": every byte went back" : ": NOT ALL MEMORY WENT BACK";
  }

  /** What the operating system counts, beside what the allocator does. */
  public String process() {
    String process = "process: " + resident(resident);
    if (arenas == null) {
      return process;
    }
    return process
        + ", "
        + bytes(arenas.idle())
        + " idle in pools when it stopped, "
        + arenas.nativeTrim().map(MemorySummary::nativeTrim).orElse("no native trim");
  }

  /** The resident bytes of a process, for a line of any summary. */
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
