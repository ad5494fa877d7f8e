package dev.tidepool.allocator.model;

import dev.tidepool.allocator.ArenaAllocatorMetric;
import dev.tidepool.allocator.ArenaBudgetExceededException;
import dev.tidepool.allocator.Pools;
import dev.tidepool.allocator.memory.BlockPool;
import dev.tidepool.allocator.memory.InvariantChecker;
import dev.tidepool.allocator.memory.QuietChecker;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** The checks after every step. */
final class WorldCheck {
  private static final int PAGE = 4096;

  private final World world;

  /** All pools ever seen: the allocator forgets a closed one, but its buffers may be alive. */
  private final Set<BlockPool> pools = Collections.newSetFromMap(new IdentityHashMap<>());

  WorldCheck(World world) {
    this.world = world;
  }

  void everything() throws Throwable {
    List<BlockPool> unchecked = new ArrayList<>();
    forEachPool(unchecked::add);
    for (int loop = 0; loop < Actors.LOOPS; loop++) {
      world.actors.run(loop, () -> unchecked.removeIf(this::isOwnAndHolds));
    }
    Expect.that(unchecked.isEmpty(), "pools that no loop owns", unchecked);
    world.actors.run(0, () -> world.roots.forEach(this::root));
    Actors.settleEnded();
    heldAtRest();
    world.connections.forEach(this::budget);
    for (Connection connection : world.connections) {
      recording(connection);
    }
  }

  /** Replays what was recorded, on the connection's event loop: what it holds must come out. */
  private void recording(Connection connection) throws Throwable {
    if (connection.replay == null) {
      return;
    }
    if (connection.closed) {
      Expect.that(connection.replay.recording().isClosed(), "recorded after its end", connection);
      connection.replay.catchUp();
      connection.replay = null;
    } else if (connection.loop.isShutdown()) {
      connection.replay.verify();
    } else {
      connection.loop.submit(connection.replay::verify).get();
    }
  }

  void forEachPool(Consumer<BlockPool> action) {
    Pools.forEach(world.allocator, pools::add);
    pools.removeIf(pool -> pool.isClosed() && pool.leasedBytes() == 0);
    pools.forEach(action);
  }

  private boolean isOwnAndHolds(BlockPool pool) {
    return pool.ownership()
        .run(
            () -> {
              InvariantChecker.check(pool);
              QuietChecker.check(pool);
            });
  }

  private void root(Root root) {
    root.views.forEach(View::check);
    ByteBuf buffer = root.buffer;
    Expect.that(buffer.alloc() == allocator(root), "alloc() of another", buffer.alloc());
    if (buffer.isDirect()) {
      address(buffer);
    } else {
      int offset = buffer.arrayOffset() - world.upstream.arrayOffset();
      Expect.equal(offset % world.configuration.alignment(), 0, "array offset", buffer);
    }
  }

  private ByteBufAllocator allocator(Root root) {
    boolean shared = root.connection == null || root.connection.closed;
    return shared ? world.allocator : root.connection.arena;
  }

  private void address(ByteBuf buffer) {
    var view = buffer.nioBuffer(0, buffer.capacity());
    int alignment = world.configuration.alignment();
    Expect.equal(view.alignmentOffset(0, alignment), 0, "alignment", buffer);
    if (buffer.hasMemoryAddress()) {
      int inPage = (int) (buffer.memoryAddress() & (PAGE - 1));
      int expected = view.alignmentOffset(0, PAGE);
      Expect.equal(inPage, expected, "address within its page", buffer);
    }
  }

  /**
   * The sums are read one after the other. A loop that relieves a budget may hand on to another
   * loop, which then gives a block back in between; a second look, when all have settled, counts.
   */
  private void heldAtRest() throws Throwable {
    try {
      held();
    } catch (AssertionError e) {
      for (int hop = 0; hop < 2 * Actors.LOOPS; hop++) {
        world.actors.run(hop % Actors.LOOPS, () -> {});
      }
      held();
    }
  }

  private void held() {
    long held =
        world.allocator.metric().usedDirectMemory() + world.allocator.metric().usedHeapMemory();
    long[] inPools = new long[1];
    forEachPool(pool -> inPools[0] += pool.pooledBytes() + pool.leasedBytes());
    Expect.equal(held, world.upstream.used(), "held, and used upstream", world.allocator);
    inPools[0] *= world.configuration.stretch();
    if (world.configuration.overflows()) {
      globalBudget();
    }
    if (world.configuration.alignsByShifting()) {
      Expect.that(inPools[0] <= held, "in pools <= held", world.allocator);
    } else {
      Expect.equal(inPools[0], held, "in pools, and held", world.allocator);
    }
  }

  private void globalBudget() {
    ArenaAllocatorMetric metric = world.allocator.metric();
    long[] leased = new long[1];
    forEachPool(pool -> leased[0] += pool.leasedBytes());
    long counted = metric.chargedMemory() + metric.overflowMemory();
    Expect.equal(counted, leased[0], "charged and overflowed, and leased", world.allocator);
  }

  /** Checks the budget, as far as it holds whatever happened in between. */
  private void budget(Connection connection) {
    long charged = charged(connection);
    long soft = world.configuration.softBudget();
    boolean pressure = connection.arena.isUnderPressure();
    Expect.that(charged <= world.configuration.hardBudget(), "over the budget", connection);
    Expect.that(charged <= soft || pressure, "no pressure at " + charged, connection);
    Expect.that(charged > soft / 2 || !pressure, "pressure at " + charged, connection);
  }

  private long charged(Connection connection) {
    return world.connections.stream()
        .filter(each -> each.isWithin(connection))
        .mapToLong(each -> each.arena.metric().chargedBytes())
        .sum();
  }

  /** The error must tell the truth, about the connection or one that it is within. */
  void budgetError(Connection connection, ArenaBudgetExceededException e) {
    long budget = world.configuration.hardBudget();
    Expect.equal(e.budget(), budget, "budget", e);
    Expect.that(e.held() + e.asked() > budget, "could have been had", e);
    boolean known = false;
    for (Connection each = connection; each != null; each = each.parent) {
      known |= charged(each) == e.held();
    }
    Expect.that(known, "held, according to the error", e);
  }
}
