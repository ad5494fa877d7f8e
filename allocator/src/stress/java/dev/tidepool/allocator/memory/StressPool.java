package dev.tidepool.allocator.memory;

import dev.tidepool.allocator.memory.MemoryOptions.ChecksLevel;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A pool with one arena of small heap blocks, owned by the actor that takes it (see {@link
 * StressOwner}), and a lane for memory elsewhere.
 */
final class StressPool implements ArenaHost, ArenaBudget {
  static final int BLOCK = 256;

  private static final ByteBufAllocator MEMORY = new UnpooledByteBufAllocator(false, true);
  private static final MemoryOptions OPTIONS =
      new MemoryOptions(
          new SizeClasses(BLOCK, BLOCK), 16, 1 << 20, false, ChecksLevel.OFF, false, true);

  final Upstream upstream = new Upstream(MEMORY);
  final BlockPool pool = new BlockPool(OPTIONS, upstream, new Tasks(), Thread.currentThread());
  final Arena arena = new Arena(pool, MemoryKind.HEAP, this);
  private final BlockPool lane = new BlockPool(OPTIONS, upstream, any -> {}, null);
  private final Arena elsewhere = new Arena(lane, MemoryKind.HEAP, this);
  private final AtomicInteger charged = new AtomicInteger();

  /** Whether a thread waits for room. */
  volatile boolean wantsRoom;

  /** Tasks sent to the pool's owner and not run yet. */
  final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

  private final class Tasks implements TrimTimer {
    @Override
    public void start(BlockPool pool) {}

    @Override
    public boolean execute(Runnable task) {
      return tasks.add(task);
    }
  }

  /** Makes the calling actor the owner. */
  void take() {
    StressOwner.take(pool);
  }

  /** Makes a thread that never runs the owner. */
  void leave() {
    StressOwner.leave(pool);
  }

  ArenaByteBuf allocate(int bytes, int filledWith) {
    ArenaByteBuf buffer = arena.allocate(bytes, BLOCK);
    fill(buffer, bytes, filledWith);
    return buffer;
  }

  ArenaByteBuf allocateInLane(int bytes, int filledWith) {
    ArenaByteBuf buffer = allocateElsewhere(bytes, BLOCK);
    fill(buffer, bytes, filledWith);
    return buffer;
  }

  private ArenaByteBuf allocateElsewhere(int bytes, int maxCapacity) {
    lane.ownership().lock().lock();
    try {
      return elsewhere.allocateOwned(bytes, maxCapacity);
    } finally {
      lane.ownership().lock().unlock();
    }
  }

  static void fill(ArenaByteBuf buffer, int bytes, int value) {
    for (int i = 0; i < bytes; i++) {
      buffer.setByte(i, value);
    }
  }

  /** Whether the first {@code bytes} of {@code buffer} still are {@code filledWith}. */
  static boolean holds(ArenaByteBuf buffer, int bytes, int filledWith) {
    return buffer.forEachByte(0, bytes, value -> value == filledWith) < 0;
  }

  /** Bytes still held of upstream after every arena was reset and every idle block returned. */
  long lostAfterTrim() {
    pool.ownership().run(arena::reset);
    pool.ownership().run(pool::trimAll);
    lane.ownership().run(elsewhere::reset);
    lane.ownership().run(lane::trimAll);
    return upstream.heldHeap();
  }

  @Override
  public boolean wantsRoom() {
    return wantsRoom;
  }

  int charged() {
    return charged.get();
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
    return allocateElsewhere(length, length);
  }

  @Override
  public boolean charge(Arena arena, int bytes) {
    charged.addAndGet(bytes);
    return true;
  }

  @Override
  public void refuse(int bytes) {
    throw new IllegalStateException("nothing is refused here");
  }

  @Override
  public void overflowed(int bytes) {
    charged.addAndGet(bytes);
  }

  @Override
  public void uncharge(Arena arena, int bytes) {
    charged.addAndGet(-bytes);
  }
}
