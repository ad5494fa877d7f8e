package dev.tidepool.benchmarks.memory;

/** Something to do with one allocator, in a JVM that does nothing else, and what it held then. */
interface Scenario {
  void run(Subject subject, Figures figures) throws Exception;
}
