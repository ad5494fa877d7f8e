package dev.tidepool.allocator;

import dev.tidepool.allocator.memory.Arena;
import dev.tidepool.allocator.memory.ArenaByteBuf;
import dev.tidepool.allocator.memory.ArenaHost;
import io.netty.buffer.ByteBufAllocator;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * What a connection's arenas ask of it.
 *
 * <p>Arenas of an event loop change hands, and are nobody's in between; but never while a block is
 * leased. So who holds one of their living buffers, on any thread, finds the connection that the
 * buffer was allocated by: it was set before the buffer was there, and is not changed before the
 * buffer is gone.
 */
class ConnectionHost implements ArenaHost {
  private static final VarHandle CONNECTION;

  static {
    try {
      CONNECTION =
          MethodHandles.lookup()
              .findVarHandle(ConnectionHost.class, "connection", ArenaRouter.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private @Nullable ArenaRouter connection; // and through CONNECTION

  ConnectionHost(@Nullable ArenaRouter connection) {
    this.connection = connection;
  }

  /** For those who know that it is somebody's: the event loop, or the holder of a buffer. */
  final ArenaRouter connection() {
    ArenaRouter asked = connection;
    if (asked == null) {
      throw new IllegalStateException("connection of arenas: null (expected: one)");
    }
    return asked;
  }

  final @Nullable ArenaRouter connectionAcquire() {
    return (ArenaRouter) CONNECTION.getAcquire(this);
  }

  final void connectionRelease(@Nullable ArenaRouter connection) {
    CONNECTION.setRelease(this, connection);
  }

  @Override
  public Object user() {
    return connection().connection();
  }

  @Override
  public ByteBufAllocator allocator() {
    return connection().allocator();
  }

  @Override
  public ArenaByteBuf allocateSlow(Arena arena, int length, int maxCapacity) {
    return connection().allocateSlow(arena.kind(), length, maxCapacity);
  }

  @Override
  public ArenaByteBuf allocateElsewhere(Arena arena, int length) {
    return connection().allocateElsewhere(arena.kind(), length);
  }

  // Budget

  private @Nullable ConnectionBudget budget() {
    return connection().budget();
  }

  @Override
  public boolean charge(Arena arena, int bytes) {
    ConnectionBudget budget = budget();
    if (budget == null || budget.charge(arena.pool(), bytes)) {
      return true;
    }
    connection().giveBackEmpty(); // what holds nothing is no reason to refuse
    return budget.charge(arena.pool(), bytes);
  }

  @Override
  public void uncharge(Arena arena, int bytes) {
    ConnectionBudget budget = budget();
    if (budget != null) {
      budget.uncharge(arena.pool(), bytes);
    }
  }

  /**
   * Who has just handed its last buffer back may find these arenas nobody's, or another
   * connection's: then the event loop has drained that buffer and given its block back already, and
   * needs no waking.
   */
  @Override
  public boolean wantsRoom() {
    ArenaRouter asked = connectionAcquire();
    ConnectionBudget budget = asked == null ? null : asked.budget();
    return budget != null && budget.wantsRoom();
  }

  @Override
  public boolean makeRoom(Arena arena, int bytes) {
    ConnectionBudget budget = budget();
    return budget != null && budget.makeRoom(bytes, connection().executor());
  }

  @Override
  public void overBudget(Arena arena, int bytes) {
    ConnectionBudget budget = budget();
    if (budget != null) {
      budget.overBudget(bytes);
    }
  }

  @Override
  public void overflowed(Arena arena, int bytes) {
    ConnectionBudget budget = budget();
    if (budget != null) {
      budget.overflowed(bytes);
    }
  }
}
