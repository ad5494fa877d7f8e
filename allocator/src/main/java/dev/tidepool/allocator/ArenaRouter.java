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
 * The layer of a {@link ConnectionArena} that routes an allocation to memory: on the event loop to
 * the arenas that the loop lends it, on other threads to a lane.
 *
 * <p>Only the connection's event loop writes the fields, except {@code extras} and {@code closed}.
 * Each field costs heap in every idle connection: what only some connections need is in {@link
 * ConnectionExtras}.
 */
abstract class ArenaRouter extends RequestCounts {
  private final ArenaByteBufAllocator shared;
  private final EventExecutor executor;
  private final Object connection;

  /** Null or idle while no block is held and no buffer was handed out since the reset. */
  private @Nullable ConnectionArenas arenas;

  private volatile ConnectionExtras extras = ConnectionExtras.NONE;
  private int request = 1;

  // What the arenas given back predicted; the next arenas begin with it.
  private int expectedDirect;
  private int expectedHeap;

  private final boolean recorded;
  private volatile boolean closed;

  ArenaRouter(ArenaByteBufAllocator shared, EventExecutor executor, Object connection) {
    this.shared = shared;
    this.executor = executor;
    this.connection = connection;
    this.recorded = shared.recording() != Recording.OFF;
  }

  // Connection, budget, extras

  final ArenaByteBufAllocator shared() {
    return shared;
  }

  final EventExecutor executor() {
    return executor;
  }

  /**
   * {@return what this arena was opened for, as reports name it; in a pipeline, the channel} Any
   * thread.
   */
  public final Object connection() {
    return connection;
  }

  /** What {@code alloc()} of its buffers returns. */
  final ByteBufAllocator allocator() {
    return closed ? shared : this;
  }

  final @Nullable ConnectionBudget budget() {
    return extras.budget;
  }

  /** The budget that blocks count against. Any thread. */
  final ArenaBudget blockBudget() {
    ConnectionBudget own = extras.budget;
    return own == null ? ArenaBudget.NONE : own;
  }

  /** The extras to read: perhaps those shared by all connections without their own. */
  final ConnectionExtras extras() {
    return extras;
  }

  /** The extras to write to: this connection's own. Any thread. */
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

  /** Called before this arena is published. */
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
      RecordedBuffers.note(buffer, shared.recording());
    }
    return buffer;
  }

  /** Allocates where the fast path cannot. Any thread. */
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
   * On the event loop its arenas for this connection, taken now if there are none; elsewhere null.
   * Another thread may read arenas that serve another connection by now, but never owns them: it is
   * not their pool's thread, and after that thread's end they are never taken again.
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

  /** The current thread's arenas if it is this connection's event loop; else null. */
  final @Nullable LoopArenas loopHere() {
    LoopArenas loop = executor.inEventLoop() ? shared.pools().ofCurrentThread() : null;
    return loop != null
            && loop.executor() == executor // some executors' inEventLoop() is always true
        ? loop
        : null;
  }

  /** Takes arenas from {@code loop}, at a request's first allocation or on a changed thread. */
  final ConnectionArenas take(LoopArenas loop) {
    ConnectionArenas before = arenas;
    if (before != null && !before.isIdle()) {
      notePeakHeld(before.peakHeld());
      ownExtras().retire(before);
    }
    ConnectionArenas taken = loop.take(this);
    VarHandle.releaseFence(); // other threads read them before they find that they do not own them
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

  /** Allocates for a buffer of this connection on a thread that may not touch its arena. */
  final ArenaByteBuf allocateElsewhere(MemoryKind kind, int length) {
    return closed ? shared.allocate(kind, length, length) : allocateInLane(kind, length, length);
  }

  /** Allocates a direct buffer that no budget counts. Event loop only. */
  final ArenaByteBuf allocateOverflow(int length) {
    ConnectionArenas own = closed ? null : arenasHere();
    return own != null
        ? own.direct.allocateOverflow(length, Integer.MAX_VALUE)
        : shared.allocateOverflow(length);
  }

  // Room

  /** Gives empty blocks back now and while an allocation waits for room. Event loop only. */
  void makeRoom() {
    forEachArena(Room::make);
  }

  /** Gives empty blocks back without ending the request. Event loop only. */
  final void giveBackEmpty() {
    forEachArena(Room::giveBackEmpty);
  }

  // The end of a request, and of the connection

  /** Ends the request in every arena, and returns the bytes that it was handed out. */
  final long resetArenas() {
    return endRequest(Arena::reset);
  }

  /** Ends the last request likewise; from now on the shared allocator serves. */
  final long closeArenas() {
    closed = true;
    long bytes = endRequest(Arena::close);
    extras.endRecording();
    return bytes;
  }

  private long endRequest(ToLongFunction<Arena> end) {
    ConnectionArenas own = arenas;
    ConnectionExtras used = extras;
    long bytes = used == ConnectionExtras.NONE ? 0 : used.endRequest(request, end);
    if (own != null) {
      bytes += own.sumOfCalls(end);
      giveBackIfEmpty(own);
    }
    if (bytes > 0) {
      noteEnd();
      beginRequest(request + 1);
      used.noteRecent(bytes);
    }
    return bytes;
  }

  /** Gives the arenas back to the loop when they hold no block; see {@link ConnectionArenas}. */
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

  /** Forgets the arenas, not their predictions; that of heap is -1 without a heap arena. */
  final void forgetArenas(int predictedDirect, int predictedHeap) {
    expectedDirect = predictedDirect;
    expectedHeap = predictedHeap < 0 ? expectedHeap : predictedHeap;
    arenas = null;
  }

  /** The bytes that a request of this connection is expected to use. */
  final int expected(MemoryKind kind) {
    return kind == MemoryKind.DIRECT ? expectedDirect : expectedHeap;
  }

  /** Only survivors have an age, so the clock is read only if there may be some. */
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

  /** Walks once over the living buffers, however many requests are asked about. */
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

  // Figures

  /** {@return whether this arena is closed: then the shared allocator serves} Any thread. */
  public final boolean isClosed() {
    return closed;
  }

  /** The current request's number; other threads may read that of one just ended. */
  final int request() {
    return request;
  }

  /** Bytes of the blocks held: exact on the event loop but for lanes, else a recent value. */
  final long heldBytes() {
    ConnectionArenas own = arenas;
    return (own == null ? 0 : own.heldBytes(this)) + sumOfOthers(Arena::heldBytes);
  }

  /** The number of blocks held: exact on the event loop but for lanes, else recent. */
  final int heldBlocks() {
    ConnectionArenas own = arenas;
    return (own == null ? 0 : own.heldBlocks(this)) + (int) sumOfOthers(Arena::heldBlocks);
  }

  /** The arenas that the event loop lends it, or lent it last; they may serve another by now. */
  final @Nullable ConnectionArenas lentArenas() {
    return arenas;
  }

  private long sumOfOthers(ToLongFunction<Arena> figure) {
    return extras.hasArenas() ? extras.sumOf(figure) : 0;
  }

  /** Counts the living buffers that this thread may look at. Only the event loop knows ages. */
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

  /** Every living buffer that outlived its request and that this thread may look at. */
  final void forEachStraggler(Consumer<ArenaByteBuf> action) {
    Consumer<ArenaByteBuf> ifStraggler =
        buffer -> {
          if (closed || buffer.request() != request) {
            action.accept(buffer);
          }
        };
    forEachArena(arena -> arena.pool().ownership().run(() -> arena.forEachLiving(ifStraggler)));
  }

  /** On other threads some may serve another connection; to those threads they refuse. */
  final void forEachArena(Consumer<Arena> action) {
    ConnectionArenas own = arenas;
    if (own != null) {
      own.forEachArena(action);
    }
    extras.forEachArena(action);
  }
}
