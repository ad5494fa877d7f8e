package dev.tidepool.allocator.model;

import java.util.concurrent.RejectedExecutionException;

/** Steps that open, reset and close arenas, and give memory back. */
final class ArenaSteps {
  private static final int MOST_OPEN = 5;

  private final World world;
  private int opened;

  ArenaSteps(World world) {
    this.world = world;
  }

  // Beginnings

  void open(Operation operation) {
    if (hasRoom()) {
      ModelLoop loop = world.actors.loop(operation.a() % 4 / 3); // the first more often
      var arena = world.allocator.newConnectionArena(loop, "connection-" + opened);
      add(new Connection(arena, loop, null, Bytes.tag(opened)));
    }
  }

  private boolean hasRoom() {
    return world.connections.stream().filter(each -> !each.closed).count() < MOST_OPEN;
  }

  private void add(Connection connection) {
    world.connections.add(connection);
    opened++;
  }

  void newChild(Operation operation) throws Exception {
    Connection parent = world.connection(operation.a());
    if (parent == null || !hasRoom()) {
      return;
    }
    if (parent.closed || !parent.loop.inEventLoop()) {
      Expect.fails(IllegalStateException.class, () -> parent.arena.newChild(), parent);
    } else {
      var arena = parent.arena.newChild();
      add(new Connection(arena, parent.loop, parent, Bytes.tag(opened)));
    }
  }

  // Ends

  void reset(Operation operation) throws Exception {
    Connection connection = world.connection(operation.a());
    if (connection == null) {
      return;
    }
    if (connection.loop.isShutdown()) {
      Expect.fails(
          RejectedExecutionException.class, () -> connection.arena.reset(), connection.arena);
      return;
    }
    connection.arena.reset();
    Actors.settle(connection.loop);
    if (!connection.closed) {
      connection.checkFigures();
      requestEnded(connection);
    }
    if (connection.closesAtReset) {
      closed(connection);
    }
  }

  private void requestEnded(Connection connection) {
    for (Root root : world.roots) {
      root.isStraggler |= root.connection == connection;
    }
  }

  void close(Operation operation) throws Exception {
    Connection connection = world.connection(operation.a());
    if (connection != null) {
      connection.arena.close();
      Actors.settle(connection.loop);
      closed(connection);
    }
  }

  private void closed(Connection connection) {
    for (Connection each : world.connections) {
      if (each.isWithin(connection) && !each.closed) {
        each.closed = true;
        each.checkFigures();
        requestEnded(each);
      }
    }
  }

  void closeAll() throws Exception {
    for (Connection connection : world.connections) {
      connection.arena.close();
      Actors.settle(connection.loop);
    }
  }

  // Callbacks

  void onReset(Operation operation) throws Exception {
    Connection connection = world.connection(operation.a());
    if (connection == null) {
      return;
    }
    Runnable callback = () -> safely(() -> callback(connection, operation));
    if (connection.closed || !connection.loop.inEventLoop()) {
      Expect.fails(
          IllegalStateException.class, () -> connection.arena.onReset(callback), connection);
    } else {
      connection.arena.onReset(callback);
    }
  }

  /** The arena logs what a callback throws; here it shall fail the sequence. */
  private void safely(Actors.Action action) {
    try {
      action.run();
    } catch (Throwable e) {
      world.failed(e);
    }
  }

  private void callback(Connection connection, Operation operation) throws Exception {
    switch (operation.c() & 3) {
      case 0 -> world.allocations.allocateFrom(connection, operation);
      case 1 -> world.lives.release(operation);
      case 2 -> resetWithinReset(connection);
      default -> {
        connection.closesAtReset = true;
        connection.arena.close();
      }
    }
  }

  private static void resetWithinReset(Connection connection) {
    if (connection.loop.inEventLoop()) { // a close may be anybody's, when the loop has ended
      connection.arena.reset();
    }
  }

  // What is there

  /** Exactly those that outlived their request; what grew on another thread may show up twice. */
  void stragglers(Operation operation) throws Exception {
    Connection connection = world.connection(operation.a());
    if (connection == null || !(connection.loop.inEventLoop() || connection.loop.isShutdown())) {
      return;
    }
    long expected = world.roots.stream().filter(root -> root.isStraggler(connection)).count();
    long twice = world.roots.stream().filter(root -> root.grewElsewhere).count();
    int actual = connection.arena.metric().stragglers();
    Expect.that(
        expected <= actual && actual <= expected + twice,
        "stragglers: %d (expected: %d to %d)".formatted(actual, expected, expected + twice),
        connection.arena.dump());
  }

  // Memory

  void trim() throws Exception {
    world.allocator.trim();
    for (int loop = 0; loop < Actors.LOOPS; loop++) {
      Actors.settle(world.actors.loop(loop));
    }
  }

  void failUpstream(Operation operation) {
    if (world.configuration.upstreamFails()) {
      world.upstream.fail(1 + operation.c() % 3);
    }
  }
}
