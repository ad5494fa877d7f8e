package dev.tidepool.allocator;

import dev.tidepool.allocator.memory.Arena;
import dev.tidepool.allocator.memory.ArenaRecorder;
import dev.tidepool.allocator.memory.HeldFigures;
import dev.tidepool.allocator.memory.MemoryKind;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A pair of an event loop's arenas, one for each kind of memory, which serves one connection at a
 * time. A connection takes a pair when it first allocates, and gives it back at a reset at which
 * the pair holds no block. So an idle connection has none, and keeps only what its next request is
 * expected to use. The connection that gave a pair back last may take the same pair again.
 *
 * <pre>
 *   idle                    implies  no block is held, and nothing was handed out since the reset
 *   connection == c         ==       c has these; and if they are idle, they are the last in the
 *                                    event loop's {@link IdleArenas}
 * </pre>
 *
 * <p><b>Threads.</b> The event loop only, with two exceptions. Another thread that allocates from a
 * connection calls {@link Arena#tryAllocate} on the arenas that the connection has, or recently
 * had; that serves only the event loop, and the thread then allocates for the connection it was
 * asked for, never for the one that the arenas serve meanwhile. And any thread may read figures,
 * see {@link #heldBytes}.
 */
final class ConnectionArenas extends ConnectionHost {
  private static final VarHandle PERIOD;

  static {
    try {
      PERIOD = MethodHandles.lookup().findVarHandle(ConnectionArenas.class, "period", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final Arena direct;
  private final LoopArenas loop;

  /** Made when first needed. */
  private @Nullable Arena heap;

  private boolean isIdle;

  /** The number of times they have been taken; also accessed through PERIOD. */
  private int period;

  /** The most bytes of blocks held at once for the connection. */
  private long peakHeld;

  ConnectionArenas(LoopArenas loop) {
    super(null);
    this.loop = loop;
    this.direct = new Arena(loop.pool(), MemoryKind.DIRECT, this);
  }

  // The connection served

  /**
   * Has them serve {@code taker} from now on. Writes the connection, then the period, then what
   * they lease is counted; {@link #heldBytes} reads the three in the opposite order.
   */
  void take(ArenaRouter taker) {
    isIdle = false;
    peakHeld = 0;
    connectionRelease(taker);
    PERIOD.setRelease(this, period + 1);
    VarHandle.releaseFence();
    direct.reopen(taker.expected(MemoryKind.DIRECT));
    if (heap != null) {
      heap.reopen(taker.expected(MemoryKind.HEAP));
    }
    beginRequest(taker.request());
    recordIn(taker.extras().recorder());
  }

  private void recordIn(@Nullable ArenaRecorder recorder) {
    direct.recordIn(recorder);
    if (heap != null) {
      heap.recordIn(recorder);
    }
  }

  /** They hold no block, and the next connection may take them. */
  void giveBack() {
    isIdle = true;
    loop.idle.push(this);
  }

  /** The connection that gave them back last takes them again. */
  void resume() {
    isIdle = false;
    loop.idle.popLast(this);
  }

  boolean isIdle() {
    return isIdle;
  }

  /** Has the connection that gave them back forget them. */
  void leave() {
    ArenaRouter served = connectionAcquire();
    if (served != null) {
      served.notePeakHeld(peakHeld);
      served.forgetArenas(direct.predicted(), heap == null ? -1 : heap.predicted());
      connectionRelease(null);
    }
  }

  boolean isOwned() {
    return loop.ownership().isHeld();
  }

  // Allocation

  /** The arena for heap memory, or null if there is none yet. Any thread. */
  @Nullable Arena heapIfThere() {
    return heap;
  }

  /** The arena for {@code kind}, made now if there is none. */
  Arena arena(MemoryKind kind) {
    if (kind == MemoryKind.DIRECT) {
      return direct;
    }
    Arena existing = heap;
    return existing != null ? existing : makeHeap();
  }

  private Arena makeHeap() {
    ArenaRouter served = connection();
    Arena made = new Arena(loop.pool(), MemoryKind.HEAP, this);
    made.reopen(served.expected(MemoryKind.HEAP));
    made.beginRequest(served.request());
    made.recordIn(served.extras().recorder());
    VarHandle.releaseFence(); // other threads read the arena before they find they do not own it
    heap = made;
    return made;
  }

  @Override
  public void leased() {
    Arena other = heap;
    long held = direct.heldBytes() + (other == null ? 0 : other.heldBytes());
    peakHeld = Math.max(peakHeld, held);
  }

  /** The most bytes of blocks held at once since they were taken. For their owner. */
  long peakHeld() {
    return peakHeld;
  }

  // The end of a request

  void beginRequest(int number) {
    direct.beginRequest(number);
    if (heap != null) {
      heap.beginRequest(number);
    }
  }

  /**
   * The sum of {@code figure}, which may end a request, over the arenas, called as their owner; 0
   * on another thread.
   */
  long sumOfCalls(ToLongFunction<Arena> figure) {
    if (isOwned()) {
      return sum(figure);
    }
    long[] sums = new long[1];
    loop.ownership().run(() -> sums[0] = sum(figure));
    return sums[0];
  }

  private long sum(ToLongFunction<Arena> figure) {
    Arena other = heap; // read once: other threads look too
    long sum = figure.applyAsLong(direct);
    return other == null ? sum : sum + figure.applyAsLong(other);
  }

  // Figures

  int heldBlocks() {
    Arena other = heap; // read once: other threads look too
    return other == null ? direct.heldBlocks() : direct.heldBlocks() + other.heldBlocks();
  }

  /**
   * Bytes of the blocks held for {@code asking}: exact on the event loop, elsewhere a recent value,
   * and never those held for another connection.
   *
   * <p>{@link #take} writes the period, then, after its release fence, bytes are counted; a reader
   * reads bytes, then, after its acquire fence, the period. So a reader of a later period's bytes
   * finds a later period, and returns 0. A reader that finds a later period's connection, by its
   * acquire sees that what {@code asking} held is gone.
   */
  long heldBytes(ArenaRouter asking) {
    return ofPeriod(asking, arenas -> arenas.sum(Arena::heldBytes));
  }

  /** The number of blocks held for {@code asking}, read in that same order. */
  int heldBlocks(ArenaRouter asking) {
    return (int) ofPeriod(asking, ConnectionArenas::heldBlocks);
  }

  /** The most bytes of blocks held at once for {@code asking}, read in that same order. */
  long peakHeld(ArenaRouter asking) {
    return ofPeriod(asking, ConnectionArenas::peakHeld);
  }

  private long ofPeriod(ArenaRouter asking, ToLongFunction<ConnectionArenas> figure) {
    int before = (int) PERIOD.getAcquire(this);
    if (connectionAcquire() != asking) {
      return 0; // they no longer serve it, and hold nothing of it
    }
    long read = figure.applyAsLong(this);
    VarHandle.acquireFence();
    return (int) PERIOD.getOpaque(this) == before ? read : 0;
  }

  /** Adds what is held for {@code asking}, read in that same order. */
  void addHeld(ArenaRouter asking, int request, HeldFigures into) {
    int before = (int) PERIOD.getAcquire(this);
    if (connectionAcquire() == asking && heldBlocks() > 0) {
      HeldFigures found = new HeldFigures(into.looks());
      forEachArena(arena -> found.add(arena, request));
      VarHandle.acquireFence();
      if ((int) PERIOD.getOpaque(this) == before) {
        into.add(found);
      }
    }
  }

  void forEachArena(Consumer<Arena> action) {
    action.accept(direct);
    Arena other = heap;
    if (other != null) {
      action.accept(other);
    }
  }

  @Override
  public String toString() {
    ArenaRouter served = connectionAcquire();
    return "ConnectionArenas(%s, %s, blocks: %d)"
        .formatted(
            served == null ? "none" : served.connection(),
            isIdle ? "idle" : "in use",
            heldBlocks());
  }
}
