package dev.tidepool.allocator;

import dev.tidepool.allocator.memory.Arena;
import dev.tidepool.allocator.memory.MemoryKind;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * An event loop's arenas, one for each kind of memory, for the one connection that they serve now.
 * A connection takes some when it first allocates, and gives them back at the reset at which they
 * hold no block: an idle connection has none, and keeps no more of them than what its next request
 * is expected to use. Only the one that gave some back last may find them where it left them.
 *
 * <pre>
 *   idle                    implies  no block is held, and nothing was handed out since the reset
 *   connection == c         ==       c has these; and if they are idle, they are the last in the
 *                                    event loop's {@link IdleArenas}
 * </pre>
 *
 * <p><b>Threads.</b> The event loop only, but for two things. Another thread that allocates from a
 * connection looks at the arenas that this has, or lately had, by {@link Arena#tryAllocate}, which
 * serves nobody but the event loop; what that thread does then it does for the connection that it
 * was asked for, and never for the one that the arenas serve meanwhile. And any thread may ask for
 * figures, see {@link #heldBytes}.
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

  /** How often they have been taken; and through PERIOD. */
  private int period;

  ConnectionArenas(LoopArenas loop) {
    super(null);
    this.loop = loop;
    this.direct = new Arena(loop.pool(), MemoryKind.DIRECT, this);
  }

  // Whom they serve

  /**
   * From now on they serve {@code taker}. First it is said who, then since when, then what they
   * lease is counted: in this order {@link #heldBytes} reads the figures backwards.
   */
  void take(ArenaRouter taker) {
    isIdle = false;
    connectionRelease(taker);
    PERIOD.setRelease(this, period + 1);
    VarHandle.releaseFence();
    direct.reopen(taker.expected(MemoryKind.DIRECT));
    if (heap != null) {
      heap.reopen(taker.expected(MemoryKind.HEAP));
    }
    beginRequest(taker.request());
  }

  /** They hold nothing, and are anybody's. */
  void giveBack() {
    isIdle = true;
    loop.idle.push(this);
  }

  /** The connection that gave them back last goes on with them. */
  void resume() {
    isIdle = false;
    loop.idle.popLast(this);
  }

  boolean isIdle() {
    return isIdle;
  }

  /** They are idle, and the connection that gave them back is to forget them. */
  void leave() {
    ArenaRouter served = connectionAcquire();
    if (served != null) {
      served.forgetArenas(direct.predicted(), heap == null ? -1 : heap.predicted());
      connectionRelease(null);
    }
  }

  boolean isOwned() {
    return loop.ownership().isHeld();
  }

  // Allocation

  /** The one for heap memory, as it is: see {@link #arena}. Any thread. */
  @Nullable Arena heapIfThere() {
    return heap;
  }

  /** Made now if there is none. */
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
    VarHandle.releaseFence(); // other threads look at the arena before they know it is not theirs
    heap = made;
    return made;
  }

  // The end of a request

  void beginRequest(int number) {
    direct.beginRequest(number);
    if (heap != null) {
      heap.beginRequest(number);
    }
  }

  /** The sum of what {@code figure} answers as their owner. */
  long sumOwned(ToLongFunction<Arena> figure) {
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

  // What is there

  int heldBlocks() {
    Arena other = heap; // read once: other threads look too
    return other == null ? direct.heldBlocks() : direct.heldBlocks() + other.heldBlocks();
  }

  /**
   * Bytes of the blocks held for {@code asking}: exact on the event loop, elsewhere what they were
   * lately, and never those that the arenas hold for another connection.
   *
   * <p>Whoever reads bytes that were counted in a later period than {@code before}, by the fences
   * here and in {@link #take} reads a later period afterwards too. And who does not, but reads the
   * name of a later one's connection, by the acquire sees that what was held before that had gone.
   */
  long heldBytes(ArenaRouter asking) {
    return ofPeriod(asking, Arena::heldBytes);
  }

  /** The same of blocks. */
  int heldBlocks(ArenaRouter asking) {
    return (int) ofPeriod(asking, Arena::heldBlocks);
  }

  private long ofPeriod(ArenaRouter asking, ToLongFunction<Arena> figure) {
    int before = (int) PERIOD.getAcquire(this);
    if (connectionAcquire() != asking) {
      return 0; // they served it a moment ago, and hold nothing of it
    }
    long sum = sum(figure);
    VarHandle.acquireFence();
    return (int) PERIOD.getOpaque(this) == before ? sum : 0;
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
            served == null ? "nobody's" : served.connection(),
            isIdle ? "idle" : "in use",
            heldBlocks());
  }
}
