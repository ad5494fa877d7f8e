package dev.tidepool.echo.compare;

import dev.tidepool.echo.figures.Figures;
import java.util.List;

/** How a comparison measures and computes, in the words that pages print. */
final class Method {
  private Method() {}

  /**
   * @param family the most comparisons that are corrected together
   */
  static List<String> paragraphs(int family) {
    return List.of(
        "Each run has a fresh server process with one event loop. The load's process, on another"
            + " core, serves all runs and checks every byte of the answers. A run warms up, on both"
            + " cores, until the compiler has little left to do, then goes flat out, then holds a rate"
            + " at which, in a pilot with each allocator, neither the server nor the client was busier"
            + " than three quarters of a core. Where connections stay open there is a silence"
            + " afterwards.",
        "In each round every allocator runs once in each scenario; every second round has the order"
            + " reversed (ABBA), so that a machine that slowly changes favours none, and each pair of"
            + " rounds begins with the next allocator. The first allocator runs twice in each round,"
            + " under two names: what differs between the two is noise.",
        "CPU a request is the CPU time of the server's Java threads and of its collections, without"
            + " its compiler's, divided by the requests that it answered in the same time. It varies"
            + " far less on a busy machine than throughput does, and so comes first. Latency is"
            + " counted from the time at which the schedule has a request, so that a stall delays all"
            + " requests that it holds up.",
        "A figure is the median of all runs, with a 95 % percentile bootstrap interval. Tidepool's"
            + " allocators, connection and arena, are compared with the best peer: the best, by its"
            + " median, of all other allocators. Which one that is, is found in the same runs: each"
            + " resample for a ratio's interval chooses the best peer anew; p of being better is the"
            + " largest of the p-values against each peer, p of being worse the smallest of those"
            + " against a better peer, times the number of peers.",
        Figures.format(
            "p-values are of the two-sided Mann–Whitney test, corrected by Holm's method for all"
                + " comparisons in the same metric (of all scenarios and both allocators: %d at"
                + " most), not for those in other metrics. A difference with p below 0.05 is called"
                + " significant, and only significant ones are marked.",
            family),
        "Resident memory is the process's, its Java heap and code included, of which the young"
            + " generation has a fixed size so that it is no matter of luck; upstream memory is what"
            + " the allocator says that it holds, sampled ten times a second.");
  }
}
