package dev.tidepool.allocator.memory;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/**
 * The sampling of buffers, so that the garbage collector finds those that were forgotten. It costs
 * a tenth of Netty's, which records a stack trace for each sample. Thread-safe.
 *
 * <p>A block refers to its handles, so a handle never becomes unreachable. Therefore the user of a
 * sampled buffer gets another handle: detached from the first by the start, with the bytes of the
 * first, to which no block refers. It has the class that all handles have, so that the callers'
 * code stays as fast as without samples.
 */
public final class LeakSampler {
  private final int interval;
  private final Set<SampledBuffer> alive = ConcurrentHashMap.newKeySet();
  private final ReferenceQueue<ArenaByteBuf> forgotten = new ReferenceQueue<>();

  /**
   * @param interval one buffer in so many is sampled; at least 1
   */
  public LeakSampler(int interval) {
    this.interval = interval;
  }

  /**
   * The handle to hand out in place of {@code buffer}, which passes its one reference on to it: a
   * sampled one. The next buffer to sample is a random one, as regular intervals may hit the same
   * line of a program again and again, or never.
   */
  public ArenaByteBuf sample(ArenaByteBuf buffer) {
    buffer.block.pool.untilSample = ThreadLocalRandom.current().nextInt(2 * interval - 1);
    try {
      return newSample(buffer);
    } catch (OutOfMemoryError e) {
      return buffer; // its caller would never get it
    }
  }

  private ArenaByteBuf newSample(ArenaByteBuf buffer) {
    ArenaByteBuf front = buffer.newFront();
    SampledBuffer sample = new SampledBuffer(this, front, buffer);
    alive.add(sample);
    front.detach(sample);
    return front;
  }

  ReferenceQueue<ArenaByteBuf> forgotten() {
    return forgotten;
  }

  void released(SampledBuffer sample) {
    alive.remove(sample);
  }

  /**
   * Passes on each forgotten buffer that the garbage collector has found since the last call: what
   * its block knows of it, which is still alive.
   */
  public void forEachForgotten(Consumer<ArenaByteBuf> action) {
    for (Reference<?> found = forgotten.poll(); found != null; found = forgotten.poll()) {
      if (found instanceof SampledBuffer sample && alive.remove(sample)) {
        action.accept(sample.buffer());
      }
    }
  }
}
