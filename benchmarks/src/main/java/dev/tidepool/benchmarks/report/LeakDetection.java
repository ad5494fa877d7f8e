package dev.tidepool.benchmarks.report;

import java.util.List;
import java.util.Locale;

/** At which level of Netty's leak detection all allocators of a run are measured. */
enum LeakDetection {
  /** Netty's own default, which is to sample: what a user gets who sets nothing. */
  DEFAULT("at Netty's defaults (leak detection SIMPLE)") {
    @Override
    List<String> jvmArgs() {
      return List.of();
    }
  },

  DISABLED("with leak detection disabled") {
    @Override
    List<String> jvmArgs() {
      return List.of("-Dio.netty.leakDetection.level=DISABLED");
    }
  };

  private final String words;

  LeakDetection(String words) {
    this.words = words;
  }

  abstract List<String> jvmArgs();

  String words() {
    return words;
  }

  /** As files call it. */
  @Override
  public String toString() {
    return "leak-detection-" + name().toLowerCase(Locale.ROOT);
  }
}
