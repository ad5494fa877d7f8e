package dev.tidepool.benchmarks;

import java.util.Locale;

/** The level of Netty's leak detection at which all allocators of a run are measured. */
public enum LeakDetection {
  /** Netty's own default, which is to sample. */
  DEFAULT("SIMPLE"),

  DISABLED("DISABLED");

  private final String level;

  LeakDetection(String level) {
    this.level = level;
  }

  /** As files and tables call it. */
  public String words() {
    return name().toLowerCase(Locale.ROOT);
  }

  public String jvmArgument() {
    return "-Dio.netty.leakDetection.level=" + level;
  }
}
