package dev.tidepool.allocator.model;

import dev.tidepool.allocator.Replay;
import java.util.List;

/** Steps that open, reset and close arenas, and give memory back. */
final class ArenaSteps {
  private static final int MOST_OPEN = 5;
  private static final int EVENTS_KEPT = 1 << 12; // more than a step makes

  private final World world;
  private int opened;

  ArenaSteps(World world) {
    this.world = world;
  }

  // Beginnings

  void open(Operation operation) {
    if (hasRoom()) {
      ModelLoop loop = world.actors.loop(operation.a() % 4 / 3); // the first loop more often
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
    if (parent.closed) {
      Expect.fails(IllegalStateException.class, () -> parent.arena.newChild(), parent);
    } else {
      var arena = parent.arena.newChild();
      Actors.settle(parent.loop);
      add(new Connection(arena, parent.loop, parent, Bytes.tag(opened)));
    }
  }

  // Ends

  void reset(Operation operation) throws Exception {
    Connection connection = world.connection(operation.a());
    if (connection != null) {
      connection.arena.reset();
      Actors.settle(connection.loop);
      requestEnded(connection);
    }
  }

  private void requestEnded(Connection connection) {
    connection.checkFigures();
    for (Root root : world.roots) {
      root.isStraggler |= root.connection == connection;
    }
  }

  void close(Operation operation) throws Exception {
    Connection connection = world.connection(operation.a());
    if (connection != null) {
      close(connection);
    }
  }

  private void close(Connection connection) throws Exception {
    List<Connection> closing = world.connections.stream().filter(connection::contains).toList();
    closing.forEach(each -> each.closed = true); // first of all: its callbacks see it closed
    connection.arena.close();
    Actors.settle(connection.loop);
    closing.forEach(this::requestEnded);
  }

  void closeAll() throws Exception {
    for (Connection connection : world.connections) {
      close(connection);
    }
  }

  // Callbacks

  void onReset(Operation operation) throws Exception {
    Connection connection = world.connection(operation.a());
    if (connection == null) {
      return;
    }
    Runnable callback = () -> safely(() -> callback(connection, operation));
    if (connection.closed) {
      Expect.fails(
          IllegalStateException.class, () -> connection.arena.onReset(callback), connection);
    } else {
      connection.arena.onReset(callback);
      Actors.settle(connection.loop);
    }
  }

  /** Lets a callback's exception fail the sequence, where the arena only logs it. */
  private void safely(Actors.Action action) {
    try {
      action.run();
    } catch (Throwable e) {
      world.failed(e);
    }
  }

  private void callback(Connection connection, Operation operation) throws Exception {
    if (!connection.loop.inEventLoop()) {
      return; // the loop ended, and this thread is no actor
    }
    switch (operation.c() & 3) {
      case 0 -> world.allocations.allocateFrom(connection, operation);
      case 1 -> world.lives.release(operation);
      case 2 -> connection.arena.reset();
      default -> closeWithin(connection);
    }
  }

  private void closeWithin(Connection connection) throws Exception {
    if (connection.closed) {
      connection.arena.close(); // it is closing: the figures come after the callbacks
    } else {
      close(connection);
    }
  }

  // What is there

  void stragglers(Operation operation) throws Exception {
    Connection connection = world.connection(operation.a());
    if (connection != null && (connection.loop.inEventLoop() || connection.loop.isShutdown())) {
      long expected = world.roots.stream().filter(root -> root.isStraggler(connection)).count();
      int actual = connection.arena.metric().stragglers();
      Expect.equal(actual, expected, "stragglers", connection.arena.dump());
    }
  }

  // Recordings

  /** Begins to record a connection's events, or ends it. */
  void record(Operation operation) throws Exception {
    Connection connection = world.connection(operation.a());
    if (connection == null) {
      return;
    }
    if (connection.closed) {
      Expect.fails(IllegalStateException.class, () -> connection.arena.recordEvents(1), connection);
    } else if (connection.replay == null) {
      connection.replay = new Replay(connection.arena, connection.arena.recordEvents(EVENTS_KEPT));
    } else {
      connection.replay.recording().close();
      connection.replay = null;
    }
    Actors.settle(connection.loop);
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
