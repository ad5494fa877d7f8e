package dev.tidepool.allocator;

import dev.tidepool.allocator.memory.Arena;
import dev.tidepool.allocator.memory.ArenaByteBuf;
import dev.tidepool.allocator.memory.ArenaHost;
import dev.tidepool.allocator.memory.MemoryKind;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.EventExecutor;
import java.lang.invoke.VarHandle;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The arenas behind one connection: one for each kind of memory on the event loop, made when first
 * needed, and the same in lanes for other threads.
 *
 * <p>All fields but {@code lanes} and {@code closed}: written by the connection's event loop only.
 */
class ConnectionMemory implements ArenaHost {
  private final ConnectionArena connection;
  private final ArenaByteBufAllocator shared;
  private final EventExecutor executor;
  private final @Nullable ConnectionBudget budget;

  private @Nullable Arena direct;
  private @Nullable Arena heap;
  private volatile @Nullable ConnectionLanes lanes;
  private volatile boolean closed;
  private int request = 1;
  private RequestTimes times = RequestTimes.none();

  /** Left behind because the event loop changed its thread; emptied by their last release. */
  private List<Arena> retired = List.of();

  ConnectionMemory(
      ConnectionArena connection,
      ArenaByteBufAllocator shared,
      EventExecutor executor,
      @Nullable ConnectionBudget budget) {
    this.connection = connection;
    this.shared = shared;
    this.executor = executor;
    this.budget = budget;
  }

  static ConnectionMemory of(
      ConnectionArena connection,
      ArenaByteBufAllocator shared,
      EventExecutor executor,
      @Nullable ConnectionBudget budget) {
    return shared.options().recording() == Recording.OFF
        ? new ConnectionMemory(connection, shared, executor, budget)
        : new RecordingMemory(connection, shared, executor, budget);
  }

  // Allocation

  ArenaByteBuf allocateDirect(int length, int maxCapacity) {
    Arena arena = direct;
    return arena != null
        ? arena.allocate(length, maxCapacity)
        : allocateUnbound(MemoryKind.DIRECT, length, maxCapacity);
  }

  ArenaByteBuf allocateHeap(int length, int maxCapacity) {
    Arena arena = heap;
    return arena != null
        ? arena.allocate(length, maxCapacity)
        : allocateUnbound(MemoryKind.HEAP, length, maxCapacity);
  }

  /** See {@link ConnectionArena#readBuffer}. */
  ArenaByteBuf allocateToRead(int least, int wanted) {
    Arena arena = closed ? null : directHere();
    return arena != null
        ? arena.allocateToRead(least, wanted)
        : allocateUnbound(MemoryKind.DIRECT, wanted, Integer.MAX_VALUE);
  }

  /** The arena for direct memory if this is the event loop, made now if it has none; else null. */
  private @Nullable Arena directHere() {
    Arena arena = direct;
    if (arena != null && arena.pool().isOwned()) {
      return arena;
    }
    LoopArenas loop = loopHere();
    return loop != null ? bind(MemoryKind.DIRECT, loop) : null;
  }

  /** What serves the current thread, if that is this connection's event loop; else null. */
  private @Nullable LoopArenas loopHere() {
    LoopArenas loop = executor.inEventLoop() ? shared.loops().ofCurrentThread() : null;
    return loop != null && loop.executor == executor // some call every thread their event loop
        ? loop
        : null;
  }

  @Override
  public ArenaByteBuf allocateSlow(Arena arena, int length, int maxCapacity) {
    return !closed && arena.pool().isOwned()
        ? arena.allocateOwned(length, maxCapacity)
        : allocateUnbound(arena.kind(), length, maxCapacity);
  }

  private ArenaByteBuf allocateUnbound(MemoryKind kind, int length, int maxCapacity) {
    if (closed) {
      return shared.allocate(kind, length, maxCapacity);
    }
    LoopArenas loop = loopHere();
    return loop != null
        ? bind(kind, loop).allocateOwned(length, maxCapacity)
        : allocateInLane(kind, length, maxCapacity);
  }

  /** The event loop's first allocation of this kind, or its first on another thread than before. */
  private Arena bind(MemoryKind kind, LoopArenas loop) {
    Arena before = kind == MemoryKind.DIRECT ? direct : heap;
    if (before != null) {
      retired = Stream.concat(retired.stream(), Stream.of(before)).toList();
    }
    Arena arena = new Arena(loop.pool, kind, this);
    arena.beginRequest(request);
    VarHandle.releaseFence(); // other threads look at the arena before they know it is not theirs
    if (kind == MemoryKind.DIRECT) {
      direct = arena;
    } else {
      heap = arena;
    }
    return arena;
  }

  private ArenaByteBuf allocateInLane(MemoryKind kind, int length, int maxCapacity) {
    ArenaByteBuf buffer = lanes().allocate(kind, length, maxCapacity);
    return buffer != null ? buffer : shared.allocate(kind, length, maxCapacity);
  }

  private ConnectionLanes lanes() {
    ConnectionLanes existing = lanes;
    return existing != null ? existing : makeLanes();
  }

  private synchronized ConnectionLanes makeLanes() {
    ConnectionLanes existing = lanes;
    if (existing == null) {
      existing = new ConnectionLanes(shared.loops(), this);
      lanes = existing;
    }
    return existing;
  }

  @Override
  public ArenaByteBuf allocateElsewhere(Arena arena, int length) {
    return closed
        ? shared.allocate(arena.kind(), length, length)
        : allocateInLane(arena.kind(), length, length);
  }

  @Override
  public Object user() {
    return connection.connection();
  }

  @Override
  public ByteBufAllocator allocator() {
    return closed ? shared : connection;
  }

  // Budget

  boolean hasBudget() {
    return budget != null;
  }

  @Override
  public boolean charge(Arena arena, int bytes) {
    if (budget == null || budget.charge(arena.pool(), bytes)) {
      return true;
    }
    giveBackEmpty(); // what holds nothing is no reason to refuse
    return budget.charge(arena.pool(), bytes);
  }

  @Override
  public void uncharge(Arena arena, int bytes) {
    if (budget != null) {
      budget.uncharge(arena.pool(), bytes);
    }
  }

  @Override
  public boolean wantsRoom() {
    return budget != null && budget.wantsRoom();
  }

  @Override
  public boolean makeRoom(Arena arena, int bytes) {
    return budget != null && budget.makeRoom(bytes, executor);
  }

  /** Gives back what is held for nothing, now and until nobody waits for room. Event loop only. */
  void makeRoom() {
    forEachArena(Room::make);
  }

  @Override
  public void overBudget(Arena arena, int bytes) {
    if (budget != null) {
      budget.overBudget(bytes);
    }
  }

  @Override
  public void overflowed(Arena arena, int bytes) {
    if (budget != null) {
      budget.overflowed(bytes);
    }
  }

  /** A direct buffer that no budget counts. Event loop only. */
  ArenaByteBuf allocateOverflow(int length) {
    Arena arena = closed ? null : directHere();
    return arena != null
        ? arena.allocateOverflow(length, Integer.MAX_VALUE)
        : shared.allocateOverflow(length);
  }

  /** Gives back what nothing alive is in, without ending the request. Event loop only. */
  void giveBackEmpty() {
    forEachArena(Room::giveBackEmpty);
  }

  // The end of a request, and of the connection

  /** Ends the request in every arena; the bytes that it was handed out. */
  long reset() {
    return endRequest(Arena::reset);
  }

  /** The same for good: from now on the shared allocator serves. */
  long close() {
    closed = true;
    return endRequest(Arena::close);
  }

  private long endRequest(ToLongFunction<Arena> end) {
    long bytes = end(direct, end) + end(heap, end);
    bytes += endRetired(end);
    ConnectionLanes inUse = lanes;
    if (inUse != null) {
      bytes += inUse.endRequest(end);
    }
    if (bytes > 0) {
      noteEnd();
      beginRequest(request + 1);
    }
    return bytes;
  }

  private long endRetired(ToLongFunction<Arena> end) {
    if (retired.isEmpty()) {
      return 0; // without an iterator, which would be garbage
    }
    long bytes = 0;
    for (Arena arena : retired) {
      bytes += end(arena, end);
    }
    // What holds nothing stays so: its pool is closed. A new list: other threads read the old one.
    retired = retired.stream().filter(ConnectionMemory::holdsBlocks).toList();
    return bytes;
  }

  /** Ages are asked of survivors only, so the clock is read only if there may be some. */
  private void noteEnd() {
    if (holdsBlocks()) {
      times = times.ended(request, System.nanoTime(), this::requestsWithStragglers);
    } else {
      times = RequestTimes.none();
    }
  }

  private boolean holdsBlocks() {
    return holdsBlocks(direct)
        || holdsBlocks(heap)
        || ((lanes != null || !retired.isEmpty()) && heldBlocks() > 0);
  }

  private static boolean holdsBlocks(@Nullable Arena arena) {
    return arena != null && arena.heldBlocks() > 0;
  }

  /** One walk over all that is alive, however many requests are asked about. */
  private IntPredicate requestsWithStragglers() {
    Set<Integer> alive = new HashSet<>();
    forEachStraggler(buffer -> alive.add(buffer.request()));
    return alive::contains;
  }

  /** Nanoseconds from the end of {@code request} to {@code now}; 0 if it has not ended. */
  long ageNanos(int request, long now) {
    return times.ageNanos(request, now);
  }

  private static long end(@Nullable Arena arena, ToLongFunction<Arena> end) {
    if (arena == null) {
      return 0;
    }
    if (arena.pool().isOwned()) {
      return end.applyAsLong(arena);
    }
    long[] bytes = new long[1];
    arena.pool().runOwned(() -> bytes[0] = end.applyAsLong(arena));
    return bytes[0];
  }

  private void beginRequest(int number) {
    request = number;
    if (direct != null) {
      direct.beginRequest(number);
    }
    if (heap != null) {
      heap.beginRequest(number);
    }
    if (!retired.isEmpty()) {
      retired.forEach(arena -> arena.beginRequest(number));
    }
  }

  // What is there

  boolean isClosed() {
    return closed;
  }

  /** The current request; for other threads than the event loop perhaps one that just ended. */
  int request() {
    return request;
  }

  long heldBytes() {
    return sum(Arena::heldBytes);
  }

  int heldBlocks() {
    return (int) sum(Arena::heldBlocks);
  }

  private long sum(ToLongFunction<Arena> figure) {
    long[] sum = new long[1];
    forEachArena(arena -> sum[0] += figure.applyAsLong(arena));
    return sum[0];
  }

  /** Counts what is alive, as far as the calling thread may look; ages are the event loop's. */
  void countLiving(LiveBuffers into) {
    boolean knowsAges = executor.inEventLoop();
    long now = System.nanoTime();
    Consumer<ArenaByteBuf> add =
        buffer ->
            into.add(buffer, knowsAges ? ageNanos(buffer.request(), now) : LiveBuffers.UNKNOWN);
    forEachArena(
        arena -> {
          if (!arena.peekAtLiving(add) && arena.heldBlocks() > 0) {
            into.somebodyElses();
          }
        });
  }

  /** Every living buffer that outlived its request. */
  void forEachStraggler(Consumer<ArenaByteBuf> action) {
    Consumer<ArenaByteBuf> ifStraggler =
        buffer -> {
          if (closed || buffer.request() != request) {
            action.accept(buffer);
          }
        };
    forEachArena(arena -> arena.pool().runOwned(() -> arena.forEachLiving(ifStraggler)));
  }

  private void forEachArena(Consumer<Arena> action) {
    if (direct != null) {
      action.accept(direct);
    }
    if (heap != null) {
      action.accept(heap);
    }
    retired.forEach(action);
    ConnectionLanes inUse = lanes;
    if (inUse != null) {
      inUse.forEachArena(action);
    }
  }
}
