package dev.tidepool.benchmarks;

/** What the JVM of every fork is told, whatever it measures. */
final class Forks {
  static final String MIN = "-Xms1g";
  static final String MAX = "-Xmx1g";
  static final String GC = "-XX:+UseG1GC";

  private Forks() {}
}
