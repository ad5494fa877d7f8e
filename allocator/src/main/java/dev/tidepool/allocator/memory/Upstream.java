package dev.tidepool.allocator.memory;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The allocator that backing memory comes from, and the account of what is held of it.
 *
 * <p>Thread-safe. {@code held(kind) == allocated - returned} in bytes, over every pool that draws
 * from it; {@code peak} is the most that both kinds together ever held.
 */
public final class Upstream {
  private final ByteBufAllocator allocator;
  private final AtomicLong heldDirect = new AtomicLong();
  private final AtomicLong heldHeap = new AtomicLong();
  private final AtomicLong held = new AtomicLong();
  private final AtomicLong peak = new AtomicLong();
  private final AtomicLong allocations = new AtomicLong();

  public Upstream(ByteBufAllocator allocator) {
    this.allocator = allocator;
  }

  /**
   * Takes {@code bytes} from upstream.
   *
   * @throws OutOfMemoryError if upstream has no more; says how much was asked for and how much is
   *     held, and nothing is charged
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
  }

  private OutOfMemoryError outOfMemory(MemoryKind kind, int bytes, OutOfMemoryError cause) {
    OutOfMemoryError error =
        new OutOfMemoryError(
            "upstream has no more memory: asked for %d bytes (%s), held: %d direct, %d heap; it said: %s"
                .formatted(bytes, kind, heldDirect(), heldHeap(), cause.getMessage()));
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

  /** The most bytes, direct and heap together, that were ever held at once. */
  public long peak() {
    return peak.get();
  }

  /** How often upstream was asked for memory and gave it. */
  public long allocations() {
    return allocations.get();
  }
}
