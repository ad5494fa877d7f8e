package dev.tidepool.allocator;

import dev.tidepool.allocator.memory.Arena;
import dev.tidepool.allocator.memory.ArenaBudget;
import dev.tidepool.allocator.memory.ArenaByteBuf;
import dev.tidepool.allocator.memory.ArenaHost;
import io.netty.buffer.ByteBufAllocator;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The host that arenas call for their connection.
 *
 * <p>The arenas of an event loop serve one connection after another, and none in between. The
 * connection changes only while no block is leased. So the holder of a living buffer, on any
 * thread, finds the connection that allocated it: it was written before the buffer was handed out,
 * and is not changed before the buffer's release.
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

  private @Nullable ArenaRouter connection; // also accessed through CONNECTION

  ConnectionHost(@Nullable ArenaRouter connection) {
    this.connection = connection;
  }

  /**
   * The connection, for callers that know there is one: the event loop, or the holder of a living
   * buffer.
   *
   * @throws IllegalStateException if there is none
   */
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
  public ArenaByteBuf allocateElsewhere(Arena arena, int length) {
    return connection().allocateElsewhere(arena.kind(), length);
  }

  @Override
  public ArenaBudget budget() {
    return connection().blockBudget();
  }

  /**
   * {@inheritDoc}
   *
   * <p>A thread that has just released the last buffer may find no connection here, or another one:
   * then the event loop has drained that buffer and given its block back already, and need not be
   * woken.
   */
  @Override
  public ArenaBudget budgetAcquire() {
    ArenaRouter asked = connectionAcquire();
    return asked == null ? ArenaBudget.NONE : asked.blockBudget();
  }
}
