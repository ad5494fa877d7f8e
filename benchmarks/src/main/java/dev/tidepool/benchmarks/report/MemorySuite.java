package dev.tidepool.benchmarks.report;

import java.util.List;
import java.util.Locale;

/** The suites about memory, which measure themselves; here they have a title. */
enum MemorySuite {
  IDLE("Idle", "What connections hold that have served requests and now have nothing to do."),
  BURST("Burst", "A burst, all of it released, then silence or a trickle: what is held still."),
  STRAGGLERS("Stragglers", "One buffer in every hundred kept for good."),
  RATCHET("Ratchet", "One large request on every connection, then small ones."),
  LOAD("Load", "Connections that echo, all at work.");

  /** The name for all of them. */
  static final String ALL = "memory";

  private final String title;
  private final String question;

  MemorySuite(String title, String question) {
    this.title = title;
    this.question = question;
  }

  String title() {
    return title;
  }

  String question() {
    return question;
  }

  static List<String> names() {
    return List.of(values()).stream().map(MemorySuite::toString).toList();
  }

  /** As files and the command line call it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
