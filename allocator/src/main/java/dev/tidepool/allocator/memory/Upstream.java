package dev.tidepool.allocator.memory;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The allocator that backing memory comes from, and the account of what is held of it.
 *
 * <p>Thread-safe. {@code held(kind) == allocated - returned} in bytes, over every pool that draws
 * from it. {@code peak} is the high-water mark of both kinds together.
 */
public final class Upstream {
  /** The alignment of malloc on 64-bit platforms; only above it a shift needs extra bytes. */
  private static final int ALIGNMENT_OF_MALLOC = 16;

  private final ByteBufAllocator allocator;
  private final LongConsumer directFreed;
  private final AtomicLong heldDirect = new AtomicLong();
  private final AtomicLong heldHeap = new AtomicLong();
  private final AtomicLong held = new AtomicLong();
  private final AtomicLong peak = new AtomicLong();
  private final AtomicLong allocations = new AtomicLong();
  private final AtomicLong trimmed = new AtomicLong();
  private final RefusalLog refusals = new RefusalLog();

  private volatile @Nullable LastResort lastResort;

  /** The way to more memory when upstream has none. */
  public interface LastResort {
    /**
     * Has every pool but {@code asking} give its idle blocks back upstream, if that pool can be
     * waited for. Called by the owner of {@code asking}.
     */
    void trimOthers(BlockPool asking);
  }

  public Upstream(ByteBufAllocator allocator) {
    this(allocator, bytes -> {});
  }

  /**
   * @param directFreed called by any thread, with the bytes of direct memory that upstream has
   *     again
   */
  public Upstream(ByteBufAllocator allocator, LongConsumer directFreed) {
    this.allocator = allocator;
    this.directFreed = directFreed;
  }

  /** Sets what is tried when trimming the asking pool was not enough. For the pools made later. */
  public void lastResort(LastResort lastResort) {
    this.lastResort = lastResort;
  }

  /**
   * Takes a block's memory for {@code pool} from upstream: {@code capacity} bytes from the first
   * aligned address on. If upstream has no more, idle blocks of other sizes or other pools go back
   * first, and it is tried again.
   *
   * @throws OutOfMemoryError if upstream has no more all the same
   */
  ByteBuf allocateFor(BlockPool pool, MemoryKind kind, int capacity) {
    try {
      return allocateAligned(kind, capacity, pool.options.alignment());
    } catch (OutOfMemoryError e) {
      return allocateOrTell(pool, kind, capacity, e);
    }
  }

  /** Logs the figures. The message has none, as a peer may read it: they tell of others. */
  private ByteBuf allocateOrTell(
      BlockPool pool, MemoryKind kind, int capacity, OutOfMemoryError before) {
    try {
      return allocateTrimmed(pool, kind, capacity, before);
    } catch (OutOfMemoryError e) {
      refusals.refused(
          "%s, held: %d direct, %d heap; it said: %s"
              .formatted(e.getMessage(), heldDirect(), heldHeap(), e.getCause()));
      throw e;
    }
  }

  private ByteBuf allocateTrimmed(
      BlockPool pool, MemoryKind kind, int capacity, OutOfMemoryError before) {
    long heldBefore = held.get();
    pool.trimAll();
    if (held.get() == heldBefore) {
      return allocateAtLast(pool, kind, capacity, before);
    }
    try {
      return allocateAligned(kind, capacity, pool.options.alignment());
    } catch (OutOfMemoryError e) {
      return allocateAtLast(pool, kind, capacity, e);
    }
  }

  private ByteBuf allocateAtLast(
      BlockPool pool, MemoryKind kind, int capacity, OutOfMemoryError before) {
    LastResort others = lastResort;
    if (others == null) {
      throw before;
    }
    others.trimOthers(pool);
    pool.trimAll(); // what the others released meanwhile
    return allocateAligned(kind, capacity, pool.options.alignment());
  }

  /**
   * Takes {@code bytes} from upstream; for direct memory that does not start at a multiple of
   * {@code alignment}, as many more as it takes to start at one.
   *
   * @throws OutOfMemoryError as {@link #allocate}; also if the bytes with the shift exceed a
   *     buffer's limit, and upstream's memory is not aligned by itself
   */
  ByteBuf allocateAligned(MemoryKind kind, int bytes, int alignment) {
    if (kind == MemoryKind.HEAP) {
      return allocate(kind, bytes);
    }
    int most = Integer.MAX_VALUE - (alignment - 1);
    if (alignment <= ALIGNMENT_OF_MALLOC || bytes > most) {
      ByteBuf memory = allocate(kind, bytes);
      if (Block.misalignment(memory, alignment) == 0) {
        return memory;
      }
      release(kind, memory);
    }
    if (bytes > most) {
      throw new OutOfMemoryError(
          "asked for %d bytes (expected: at most %d with alignment %d)"
              .formatted(bytes, most, alignment));
    }
    return allocate(kind, bytes + (alignment - 1));
  }

  /**
   * Takes {@code bytes} from upstream.
   *
   * @throws OutOfMemoryError if upstream has no more; says how much was asked for, and nothing is
   *     charged
   */
  ByteBuf allocate(MemoryKind kind, int bytes) {
    ByteBuf memory;
    try {
      memory = kind.allocateUpstream(allocator, bytes);
    } catch (OutOfMemoryError e) {
      throw outOfMemory(kind, bytes, e);
    }
    allocations.getAndIncrement();
    heldOf(kind).getAndAdd(memory.capacity());
    long now = held.addAndGet(memory.capacity());
    peak.accumulateAndGet(now, Math::max);
    return memory;
  }

  void release(MemoryKind kind, ByteBuf memory) {
    int bytes = memory.capacity();
    memory.release();
    heldOf(kind).getAndAdd(-bytes);
    held.getAndAdd(-bytes);
    if (kind == MemoryKind.DIRECT) {
      directFreed.accept(bytes);
    }
  }

  /** Counts bytes of idle blocks that a trim returned. */
  void trimmed(long bytes) {
    if (bytes != 0) {
      trimmed.getAndAdd(bytes);
    }
  }

  private static OutOfMemoryError outOfMemory(MemoryKind kind, int bytes, OutOfMemoryError cause) {
    OutOfMemoryError error =
        new OutOfMemoryError(
            "upstream has no more memory: asked for %d bytes (%s)".formatted(bytes, kind));
    error.initCause(cause);
    return error;
  }

  private AtomicLong heldOf(MemoryKind kind) {
    return kind == MemoryKind.DIRECT ? heldDirect : heldHeap;
  }

  public long heldDirect() {
    return heldDirect.get();
  }

  public long heldHeap() {
    return heldHeap.get();
  }

  /** The high-water mark of bytes held, direct and heap together. */
  public long peak() {
    return peak.get();
  }

  /** The number of times that upstream gave memory. */
  public long allocations() {
    return allocations.get();
  }

  /** Bytes of idle blocks that trims returned, of all pools that there ever were. */
  public long trimmed() {
    return trimmed.get();
  }
}
