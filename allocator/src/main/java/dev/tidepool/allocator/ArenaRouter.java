package dev.tidepool.allocator;

import dev.tidepool.allocator.memory.Arena;
import dev.tidepool.allocator.memory.ArenaBudget;
import dev.tidepool.allocator.memory.ArenaByteBuf;
import dev.tidepool.allocator.memory.MemoryKind;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.EventExecutor;
import java.lang.invoke.VarHandle;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The layer of a {@link ConnectionArena} that has the memory: the event loop's arenas while it
 * needs some, and others in lanes for other threads.
 *
 * <p>All fields but {@code extras} and {@code closed}: written by the connection's event loop only.
 */
abstract class ArenaRouter extends RequestCounts {
  private final ArenaByteBufAllocator shared;
  private final EventExecutor executor;
  private final Object connection;

  /** Null, or idle, while nothing is held and nothing was handed out since the last reset. */
  private @Nullable ConnectionArenas arenas;

  private volatile ConnectionExtras extras = ConnectionExtras.NONE;
  private int request = 1;

  // Of the arenas' predictions, what they bring to the connection's next ones.
  private int expectedDirect;
  private int expectedHeap;

  private final boolean recorded;
  private volatile boolean closed;

  ArenaRouter(ArenaByteBufAllocator shared, EventExecutor executor, Object connection) {
    super(shared.options().get(Options.PREFER_DIRECT));
    this.shared = shared;
    this.executor = executor;
    this.connection = connection;
    this.recorded = shared.options().get(Options.RECORDING) != Recording.OFF;
  }

  // Whose it is

  final ArenaByteBufAllocator shared() {
    return shared;
  }

  final EventExecutor executor() {
    return executor;
  }

  /** The connection that this arena was opened for, as reports name it. */
  final Object connection() {
    return connection;
  }

  /** What {@code alloc()} of its buffers answers. */
  final ByteBufAllocator allocator() {
    return closed ? shared : this;
  }

  final @Nullable ConnectionBudget budget() {
    return extras.budget;
  }

  /** What blocks count against. Any thread. */
  final ArenaBudget blockBudget() {
    ConnectionBudget own = extras.budget;
    return own == null ? ArenaBudget.NONE : own;
  }

  /** To be read, as it may be that of all who have none. */
  final ConnectionExtras extras() {
    return extras;
  }

  /** To be written to. Any thread. */
  final ConnectionExtras ownExtras() {
    ConnectionExtras existing = extras;
    return existing != ConnectionExtras.NONE ? existing : makeExtras();
  }

  private synchronized ConnectionExtras makeExtras() {
    if (extras == ConnectionExtras.NONE) {
      extras = new ConnectionExtras(null, null);
    }
    return extras;
  }

  /** Before anybody else sees this arena. */
  final void begin(@Nullable ConnectionArena parent, @Nullable ConnectionBudget budget) {
    if (parent != null || budget != null) {
      extras = new ConnectionExtras(parent, budget);
    }
  }

  // Allocation

  final ArenaByteBuf allocateDirect(int length, int maxCapacity) {
    ConnectionArenas own = arenas;
    ArenaByteBuf buffer = own == null ? null : own.direct.tryAllocate(length, maxCapacity);
    return noted(buffer != null ? buffer : allocateSlow(MemoryKind.DIRECT, length, maxCapacity));
  }

  final ArenaByteBuf allocateHeap(int length, int maxCapacity) {
    ConnectionArenas own = arenas;
    Arena arena = own == null ? null : own.heapIfThere();
    ArenaByteBuf buffer = arena == null ? null : arena.tryAllocate(length, maxCapacity);
    return noted(buffer != null ? buffer : allocateSlow(MemoryKind.HEAP, length, maxCapacity));
  }

  /** See {@link ConnectionArena#readBuffer}. */
  final ArenaByteBuf allocateToRead(int least, int wanted) {
    ConnectionArenas own = closed ? null : arenasHere();
    return noted(
        own != null
            ? own.direct.allocateToRead(least, wanted)
            : allocateSlow(MemoryKind.DIRECT, wanted, Integer.MAX_VALUE));
  }

  private ArenaByteBuf noted(ArenaByteBuf buffer) {
    if (recorded) {
      RecordedBuffers.note(buffer, shared.options().get(Options.RECORDING));
    }
    return buffer;
  }

  /** The fast path ended, for the event loop or another thread. */
  final ArenaByteBuf allocateSlow(MemoryKind kind, int length, int maxCapacity) {
    if (closed) {
      return shared.allocate(kind, length, maxCapacity);
    }
    ConnectionArenas own = arenasHere();
    return own != null
        ? own.arena(kind).allocateOwned(length, maxCapacity)
        : allocateInLane(kind, length, maxCapacity);
  }

  /**
   * If this is the event loop, its arenas for this connection, taken now if it has none; else null.
   * Another thread may see arenas here that serve another connection by now, but is never their
   * owner: it is not their pool's thread; and when that ended, they change hands no more.
   */
  private @Nullable ConnectionArenas arenasHere() {
    ConnectionArenas own = arenas;
    if (own != null && own.isOwned()) {
      return inUse(own);
    }
    LoopArenas loop = loopHere();
    return loop != null ? take(loop) : null;
  }

  private static ConnectionArenas inUse(ConnectionArenas own) {
    if (own.isIdle()) {
      own.resume();
    }
    return own;
  }

  /** What serves the current thread, if that is this connection's event loop; else null. */
  private @Nullable LoopArenas loopHere() {
    LoopArenas loop = executor.inEventLoop() ? shared.pools().ofCurrentThread() : null;
    return loop != null && loop.executor == executor // some call every thread their event loop
        ? loop
        : null;
  }

  /** The event loop's first allocation of a request, or its first on another thread than before. */
  final ConnectionArenas take(LoopArenas loop) {
    ConnectionArenas before = arenas;
    if (before != null && !before.isIdle()) {
      ownExtras().retire(before);
    }
    ConnectionArenas taken = loop.take(this);
    VarHandle.releaseFence(); // other threads look at them before they know they are not theirs
    arenas = taken;
    return taken;
  }

  private ArenaByteBuf allocateInLane(MemoryKind kind, int length, int maxCapacity) {
    ArenaByteBuf buffer = lanes().allocate(kind, length, maxCapacity);
    return buffer != null ? buffer : shared.allocate(kind, length, maxCapacity);
  }

  private ConnectionLanes lanes() {
    ConnectionLanes existing = extras.lanes;
    return existing != null ? existing : makeLanes();
  }

  private synchronized ConnectionLanes makeLanes() {
    ConnectionExtras own = ownExtras();
    ConnectionLanes existing = own.lanes;
    if (existing == null) {
      existing = new ConnectionLanes(shared.pools(), this);
      own.lanes = existing;
    }
    return existing;
  }

  /** For a buffer of the connection's, on a thread that may not touch its arena. */
  final ArenaByteBuf allocateElsewhere(MemoryKind kind, int length) {
    return closed ? shared.allocate(kind, length, length) : allocateInLane(kind, length, length);
  }

  /** A direct buffer that no budget counts. Event loop only. */
  final ArenaByteBuf allocateOverflow(int length) {
    ConnectionArenas own = closed ? null : arenasHere();
    return own != null
        ? own.direct.allocateOverflow(length, Integer.MAX_VALUE)
        : shared.allocateOverflow(length);
  }

  // Room

  /** Gives back what is held for nothing, now and until nobody waits for room. Event loop only. */
  void makeRoom() {
    forEachArena(Room::make);
  }

  /** Gives back what nothing alive is in, without ending the request. Event loop only. */
  final void giveBackEmpty() {
    forEachArena(Room::giveBackEmpty);
  }

  // The end of a request, and of the connection

  /** Ends the request in every arena; the bytes that it was handed out. */
  final long resetMemory() {
    return endRequest(Arena::reset);
  }

  /** The same for good: from now on the shared allocator serves. */
  final long closeMemory() {
    closed = true;
    return endRequest(Arena::close);
  }

  private long endRequest(ToLongFunction<Arena> end) {
    ConnectionArenas own = arenas;
    ConnectionExtras used = extras;
    long bytes = used == ConnectionExtras.NONE ? 0 : used.sumOwned(end);
    if (own != null) {
      bytes += own.sumOwned(end);
      giveBackIfEmpty(own);
    }
    if (bytes > 0) {
      noteEnd();
      beginRequest(request + 1);
    }
    return bytes;
  }

  /** See {@link ConnectionArenas}. */
  private void giveBackIfEmpty(ConnectionArenas own) {
    if (own.isOwned() && own.heldBlocks() == 0) {
      if (!own.isIdle()) {
        own.giveBack();
      }
      if (closed) {
        own.leave();
      }
    }
  }

  /** Another connection is about to take them. Of heap memory -1 is known if there was none. */
  final void forgetArenas(int predictedDirect, int predictedHeap) {
    expectedDirect = predictedDirect;
    expectedHeap = predictedHeap < 0 ? expectedHeap : predictedHeap;
    arenas = null;
  }

  /** What a request of this connection is expected to use. */
  final int expected(MemoryKind kind) {
    return kind == MemoryKind.DIRECT ? expectedDirect : expectedHeap;
  }

  /** Ages are asked of survivors only, so the clock is read only if there may be some. */
  private void noteEnd() {
    if (holdsBlocks()) {
      ConnectionExtras own = ownExtras();
      own.times = own.times.ended(request, System.nanoTime(), this::requestsWithStragglers);
    } else if (extras != ConnectionExtras.NONE) {
      extras.times = RequestHistory.none();
    }
  }

  private boolean holdsBlocks() {
    ConnectionArenas own = arenas;
    return (own != null && own.heldBlocks() > 0) || (extras.hasArenas() && heldBlocks() > 0);
  }

  /** One walk over all that is alive, however many requests are asked about. */
  private IntPredicate requestsWithStragglers() {
    Set<Integer> alive = new HashSet<>();
    forEachStraggler(buffer -> alive.add(buffer.request()));
    return alive::contains;
  }

  /** Nanoseconds from the end of {@code request} to {@code now}; 0 if it has not ended. */
  final long ageNanos(int request, long now) {
    return extras.times.ageNanos(request, now);
  }

  private void beginRequest(int number) {
    request = number;
    ConnectionArenas own = arenas;
    if (own != null) {
      own.beginRequest(number);
    }
    extras.beginRequest(number);
  }

  // What is there

  /** Whether this arena allocates no more, and the shared allocator serves. Any thread. */
  public final boolean isClosed() {
    return closed;
  }

  /** The current request; for other threads than the event loop perhaps one that just ended. */
  final int request() {
    return request;
  }

  /** Exact on the event loop, elsewhere a recent value. */
  final long heldBytes() {
    ConnectionArenas own = arenas;
    return (own == null ? 0 : own.heldBytes(this)) + sumOfOthers(Arena::heldBytes);
  }

  /** The same of blocks. */
  final int heldBlocks() {
    ConnectionArenas own = arenas;
    return (own == null ? 0 : own.heldBlocks(this)) + (int) sumOfOthers(Arena::heldBlocks);
  }

  private long sumOfOthers(ToLongFunction<Arena> figure) {
    long[] sum = new long[1];
    extras.forEachArena(arena -> sum[0] += figure.applyAsLong(arena));
    return sum[0];
  }

  /** Counts what is alive, as far as the calling thread may look; ages are the event loop's. */
  final void countLivingHere(LiveBuffers into) {
    boolean knowsAges = executor.inEventLoop();
    long now = System.nanoTime();
    Consumer<ArenaByteBuf> add =
        buffer ->
            into.add(buffer, knowsAges ? ageNanos(buffer.request(), now) : LiveBuffers.UNKNOWN);
    forEachArena(
        arena -> {
          if (!arena.peekAtLiving(add) && arena.heldBlocks() > 0) {
            into.markIncomplete();
          }
        });
  }

  /** Every living buffer that outlived its request. */
  final void forEachStraggler(Consumer<ArenaByteBuf> action) {
    Consumer<ArenaByteBuf> ifStraggler =
        buffer -> {
          if (closed || buffer.request() != request) {
            action.accept(buffer);
          }
        };
    forEachArena(arena -> arena.pool().ownership().run(() -> arena.forEachLiving(ifStraggler)));
  }

  /** For other threads than the event loop some may be another connection's, and not to be had. */
  private void forEachArena(Consumer<Arena> action) {
    ConnectionArenas own = arenas;
    if (own != null) {
      own.forEachArena(action);
    }
    extras.forEachArena(action);
  }
}
