package dev.tidepool.allocator.memory;

import dev.tidepool.allocator.memory.MemoryOptions.ChecksLevel;
import io.netty.buffer.ByteBufAllocator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Pools and arenas for tests of this package, with no allocator above them. */
final class Pools {
  static final int SMALLEST = 8 * 1024;
  static final int LARGEST = 1024 * 1024;
  static final long MUCH = 1L << 30;

  private Pools() {}

  static MemoryOptions options(ChecksLevel checks, long maxRetained) {
    return new MemoryOptions(new SizeClasses(SMALLEST, LARGEST), 16, maxRetained, false, checks);
  }

  /** A pool of the calling thread, without a clock. */
  static BlockPool owned(MemoryOptions options, Upstream upstream) {
    return new BlockPool(options, upstream, pool -> {}, Thread.currentThread());
  }

  /** A pool of no thread, without a clock. */
  static BlockPool lane(MemoryOptions options, Upstream upstream) {
    return new BlockPool(options, upstream, pool -> {}, null);
  }

  /** A host that counts charges, and has no memory for other threads. */
  static class Host implements ArenaHost, ArenaBudget {
    private long charged;
    private @Nullable RuntimeException refusal;

    @Override
    public ArenaBudget budget() {
      return this;
    }

    @Override
    public ByteBufAllocator allocator() {
      throw new UnsupportedOperationException("there is no allocator above this arena");
    }

    @Override
    public ArenaByteBuf allocateElsewhere(Arena arena, int length) {
      throw new UnsupportedOperationException("there is no memory elsewhere");
    }

    /** Makes every charge fail with {@code refusal}, or none if it is null. */
    void refuse(@Nullable RuntimeException refusal) {
      this.refusal = refusal;
    }

    /** Bytes charged and not given back. */
    long charged() {
      return charged;
    }

    @Override
    public boolean charge(Arena arena, int bytes) {
      charged += refusal == null ? bytes : 0;
      return refusal == null;
    }

    @Override
    public void refuse(int bytes) {
      throw Objects.requireNonNull(refusal);
    }

    @Override
    public void overflowed(int bytes) {
      charged += bytes;
    }

    @Override
    public void uncharge(Arena arena, int bytes) {
      charged -= bytes;
    }
  }
}
