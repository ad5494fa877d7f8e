package dev.tidepool.allocator;

import java.util.function.Supplier;

/** Allocators that sample every buffer at Netty's level SIMPLE, instead of one in 128. */
public final class EachBufferSampled {
  private static final String INTERVAL = "io.netty.leakDetection.samplingInterval";

  private EachBufferSampled() {}

  /** What {@code make} returns, which builds allocators. */
  public static <T> T in(Supplier<T> make) {
    String before = System.setProperty(INTERVAL, "1");
    try {
      return make.get();
    } finally {
      if (before == null) {
        System.clearProperty(INTERVAL);
      } else {
        System.setProperty(INTERVAL, before);
      }
    }
  }
}
