package dev.tidepool.benchmarks.report;

import java.util.List;
import java.util.Locale;

/** The suites about memory, which measure themselves; here they have a title. */
enum MemorySuite {
  IDLE("Idle", "What connections hold that have served requests and now have nothing to do."),
  BURST("Burst", "A burst, all of it released, then silence or a trickle: what is held still."),
  STRAGGLERS("Stragglers", "One buffer in every hundred kept for good; cumulations, all kept."),
  RATCHET("Ratchet", "Large requests or answers on every connection, then small ones."),
  LOAD("Load", "Connections that echo, all at work; large messages, then silence; TLS."),
  UPLOADS("Uploads", "Requests of which a server has all before it answers."),
  TRIM("Trim", "What a load suffers while the C library gives 1 GiB back to the system.");

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
