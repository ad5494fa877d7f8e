package dev.tidepool.benchmarks.memory;

import java.util.List;

/** Something to do with one allocator, in a JVM that does nothing else, and what it held then. */
interface Scenario {
  void run(Subject subject, Figures figures) throws Exception;

  /** Options of the virtual machine that it is measured in. */
  default List<String> heap() {
    return Jvm.MEASURED_HEAP;
  }
}
