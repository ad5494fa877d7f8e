package dev.tidepool.allocator.memory;

import java.lang.ref.WeakReference;

/**
 * A sampled buffer, for as long as it is alive: a weak reference, by which the garbage collector
 * tells that the buffer was forgotten.
 */
final class SampledBuffer extends WeakReference<ArenaByteBuf> implements Backing {
  private final LeakSampler sampler;
  private final ArenaByteBuf backing;

  SampledBuffer(LeakSampler sampler, ArenaByteBuf front, ArenaByteBuf backing) {
    super(front, sampler.forgotten());
    this.sampler = sampler;
    this.backing = backing;
  }

  @Override
  public ArenaByteBuf buffer() {
    return backing;
  }

  @Override
  public void released() {
    sampler.released(this);
  }
}
