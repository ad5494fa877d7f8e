package dev.tidepool.allocator;

import dev.tidepool.allocator.logging.LogLimiter;
import dev.tidepool.allocator.memory.ArenaByteBuf;
import dev.tidepool.allocator.memory.LeakSampler;
import io.netty.buffer.ByteBuf;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;

/**
 * The detection of forgotten buffers of the shared allocator, which knows no end of a connection:
 * by the garbage collector, as Netty does it. Thread-safe.
 *
 * <p>At Netty's default level, SIMPLE, samples are as many as Netty's, but have no stack trace.
 * When the first forgotten buffer is found, Netty's detection takes over and says where the next
 * was allocated. It is also in charge at the other levels, and if the application has replaced it.
 */
final class SharedLeakDetection {
  private static final InternalLogger logger =
      InternalLoggerFactory.getInstance(SharedLeakDetection.class);

  /** Netty's property and default. */
  private static final String INTERVAL = "io.netty.leakDetection.samplingInterval";

  private static final int DEFAULT_INTERVAL = 128;

  private final LeakSampler sampler =
      new LeakSampler(Math.max(1, Integer.getInteger(INTERVAL, DEFAULT_INTERVAL)));

  private final LogLimiter log;
  private final Runnable count;

  /**
   * Only ever set. Not volatile, as Netty's level is not: a thread that reads it late is no loss.
   */
  private boolean isNettys = isReplaced();

  /**
   * @param log the limit on reports
   * @param count called for each leak
   */
  SharedLeakDetection(LogLimiter log, Runnable count) {
    this.log = log;
    this.count = count;
  }

  /** Whether the application has Netty use a detector of another class. */
  private static boolean isReplaced() {
    return ResourceLeakDetectorFactory.instance().newResourceLeakDetector(ByteBuf.class).getClass()
        != ResourceLeakDetector.class;
  }

  /** The buffer to hand out in place of {@code buffer}, perhaps the same. */
  ByteBuf sampled(ArenaByteBuf buffer) {
    if (isNettys || ResourceLeakDetector.getLevel() != ResourceLeakDetector.Level.SIMPLE) {
      return sampledByNetty(buffer);
    }
    return buffer.isSampleDue() ? sample(buffer) : buffer;
  }

  private ByteBuf sample(ArenaByteBuf buffer) {
    sampler.forEachForgotten(this::report);
    return sampler.sample(buffer);
  }

  private ByteBuf sampledByNetty(ArenaByteBuf buffer) {
    ByteBuf sampled = ArenaByteBufAllocator.leakAware(buffer);
    if (!(sampled instanceof ArenaByteBuf)) {
      sampler.forEachForgotten(this::report);
    }
    return sampled;
  }

  private void report(ArenaByteBuf forgotten) {
    isNettys = true;
    String note = log.admit();
    if (note != null) {
      logger.error(
          "LEAK: a buffer of {} bytes ({}) of the shared allocator was garbage-collected without"
              + " ByteBuf.release(). From now on Netty's leak detection samples this allocator's"
              + " buffers, and says where the next such buffer was allocated.{}",
          forgotten.capacity(),
          forgotten.isDirect() ? "direct" : "heap",
          note);
    }
    count.run(); // last: a thread that reads the count finds the report
  }
}
