package dev.tidepool.allocator.memory;

import dev.tidepool.allocator.memory.MemoryOptions.ChecksLevel;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;

/**
 * A pool whose owner thread never runs, so that every thread of a scenario is another thread. One
 * thread of the scenario plays the owner.
 */
final class LincheckPool implements ArenaHost, ArenaBudget {
  private static final int BLOCK = 1024;
  private static final ByteBufAllocator MEMORY = new UnpooledByteBufAllocator(false, true);
  private static final MemoryOptions OPTIONS =
      new MemoryOptions(new SizeClasses(BLOCK, BLOCK), 16, 1 << 20, false, ChecksLevel.OFF);
  private static final Thread NOBODY = new Thread("never runs");
  private static final LincheckPool OF_HANDLES = new LincheckPool();
  private static final Block BLOCK_OF_HANDLES = OF_HANDLES.allocate().block;

  final Upstream upstream = new Upstream(MEMORY);
  final BlockPool pool = new BlockPool(OPTIONS, upstream, any -> {}, NOBODY);
  final Arena arena = new Arena(pool, MemoryKind.HEAP, this);

  ArenaByteBuf allocate() {
    return arena.allocateOwned(16, 16);
  }

  ArenaByteBuf allocateWholeBlock() {
    return arena.allocateOwned(BLOCK, BLOCK);
  }

  /** A handle in no list, of no living buffer. */
  static ArenaByteBuf handle(int slot) {
    return new HeapArenaByteBuf(BLOCK_OF_HANDLES, slot);
  }

  /** Runs under the lock, which stands for the owner after the close. */
  void asOwner(Runnable action) {
    pool.ownership().locked(action);
  }

  void requireNothingHeld() {
    if (upstream.heldHeap() != 0 || pool.leasedBytes() != 0 || pool.pooledBytes() != 0) {
      throw new IllegalStateException(
          "held upstream: %d, leased: %d, pooled: %d (expected: 0 each)"
              .formatted(upstream.heldHeap(), pool.leasedBytes(), pool.pooledBytes()));
    }
  }

  /** Enough scenarios and interleavings for so small a structure, in seconds. */
  static ModelCheckingOptions modelCheck() {
    return new ModelCheckingOptions()
        .iterations(Integer.getInteger("tidepool.lincheck.iterations", 20))
        .invocationsPerIteration(Integer.getInteger("tidepool.lincheck.invocations", 500))
        .threads(2)
        .actorsPerThread(2)
        .actorsBefore(0)
        .actorsAfter(1)
        .minimizeFailedScenario(false);
  }

  @Override
  public ArenaBudget budget() {
    return this;
  }

  @Override
  public ByteBufAllocator allocator() {
    return MEMORY;
  }

  @Override
  public ArenaByteBuf allocateElsewhere(Arena arena, int length) {
    throw new IllegalStateException("nothing grows here");
  }

  @Override
  public boolean charge(Arena arena, int bytes) {
    return true;
  }

  @Override
  public void refuse(int bytes) {
    throw new IllegalStateException("nothing is refused here");
  }

  @Override
  public void overflowed(int bytes) {
    throw new IllegalStateException("nothing overflows here");
  }

  @Override
  public void uncharge(Arena arena, int bytes) {
    // No budget.
  }
}
