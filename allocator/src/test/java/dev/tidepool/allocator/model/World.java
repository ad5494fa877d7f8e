package dev.tidepool.allocator.model;

import dev.tidepool.allocator.ArenaBudgetExceededException;
import dev.tidepool.allocator.ArenaByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * An allocator, threads to use it, and the model of everything alive in it. Steps run one after the
 * other; after each, all that is alive is compared with its model, and every invariant is checked.
 */
final class World implements AutoCloseable {
  private static final int DEAD_KEPT = 8;

  final Configuration configuration;
  final TestUpstream upstream;
  final ArenaByteBufAllocator allocator;
  final Actors actors = new Actors();
  final List<Root> roots = new ArrayList<>();
  final List<Connection> connections = new ArrayList<>();
  final AllocationSteps allocations = new AllocationSteps(this);
  final LifeSteps lives = new LifeSteps(this);
  private final ContentSteps contents = new ContentSteps(this);
  private final RangeSteps ranges = new RangeSteps(this);
  private final ArenaSteps arenas = new ArenaSteps(this);
  private final WorldCheck check = new WorldCheck(this);
  private final Deque<ByteBuf> dead = new ArrayDeque<>();

  /** The failure in a callback, which must not throw. */
  private Throwable failure;

  World(Configuration configuration) {
    this.configuration = configuration;
    this.upstream = configuration.upstream();
    this.allocator = configuration.build(upstream);
  }

  // Steps

  void step(Operation operation) throws Throwable {
    upstream.takeFailures();
    switch (operation.kind()) {
      case END_LOOP -> actors.replace(operation.a());
      case SUSPEND_LOOP -> actors.loop(operation.a()).suspend();
      default -> actors.run(operation.actor(), () -> act(operation));
    }
    throwFailure();
    check.everything();
  }

  private void throwFailure() throws Throwable {
    if (failure != null) {
      throw failure;
    }
  }

  private void act(Operation operation) throws Exception {
    switch (operation.kind()) {
      case ALLOCATE -> allocations.allocate(operation);
      case COPY -> allocations.copy(operation);
      case COPY_OUT -> allocations.copyOut(operation);
      case SLICE -> allocations.slice(operation);
      case DUPLICATE -> allocations.duplicate(operation);
      case WRITE -> contents.write(operation);
      case READ -> contents.read(operation);
      case SET -> contents.set(operation);
      case GET -> contents.get(operation);
      case CAPACITY -> contents.capacity(operation);
      case INDICES -> ranges.indices(operation);
      case DISCARD -> ranges.discard(operation);
      case COPY_BYTES -> ranges.copyBytes(operation);
      case NIO -> ranges.nio(operation);
      case RETAIN -> lives.retain(operation);
      case RELEASE -> lives.release(operation);
      case RELEASE_MANY -> lives.releaseMany(operation);
      case LATE_USE -> lives.lateUse(operation);
      case RESET -> arenas.reset(operation);
      case ON_RESET -> arenas.onReset(operation);
      case CLOSE -> arenas.close(operation);
      case OPEN -> arenas.open(operation);
      case NEW_CHILD -> arenas.newChild(operation);
      case STRAGGLERS -> arenas.stragglers(operation);
      case TRIM -> arenas.trim();
      case TRIM_TICK -> check.forEachPool(pool -> pool.ownership().run(pool::trimTick));
      case FAIL_UPSTREAM -> arenas.failUpstream(operation);
      case RECORD -> arenas.record(operation);
      case END_LOOP, SUSPEND_LOOP -> throw new IllegalStateException("not by an actor");
    }
  }

  /** Releases all that is alive: all memory must be back upstream. Then closes everything. */
  void end() throws Throwable {
    upstream.fail(0);
    releaseAll();
    actors.run(0, arenas::closeAll);
    throwFailure();
    releaseAll(); // what callbacks allocated
    Expect.equal(allocator.metric().openArenas(), 0, "open arenas", allocator);
    Expect.equal(allocator.metric().leaks(), 0, "leaks", allocator);
  }

  private void releaseAll() throws Throwable {
    for (int i = 0; !roots.isEmpty(); i++) {
      Root root = roots.get(0);
      actors.run(i % Actors.COUNT, () -> lives.releaseWhole(root));
    }
    check.everything();
    actors.run(0, arenas::trim);
    check.everything();
    Expect.equal(upstream.used(), 0, "upstream memory after the last release", allocator);
  }

  /** Releases what a failed sequence left alive. */
  @Override
  public void close() {
    roots.forEach(root -> ReferenceCountUtil.safeRelease(root.buffer, root.references));
    actors.close();
  }

  // What steps have in common

  /** One of the valid views, or null. */
  View view(int index) {
    List<View> usable =
        roots.stream().flatMap(root -> root.views.stream()).filter(View::isUsable).toList();
    return usable.isEmpty() ? null : usable.get(index % usable.size());
  }

  Root root(int index) {
    return roots.isEmpty() ? null : roots.get(index % roots.size());
  }

  Connection connection(int index) {
    return connections.isEmpty() ? null : connections.get(index % connections.size());
  }

  int aligned(int bytes) {
    int mask = configuration.alignment() - 1;
    return (Math.max(bytes, 1) + mask) & ~mask;
  }

  void bury(ByteBuf buffer) {
    dead.addLast(buffer);
    if (dead.size() > DEAD_KEPT) {
      dead.removeFirst();
    }
  }

  Deque<ByteBuf> dead() {
    return dead;
  }

  void failed(Throwable e) {
    failure = e;
  }

  /**
   * Runs an action that needs memory of {@code connection}, if not null.
   *
   * @return false if there was none, for a reason that this world has
   */
  boolean succeeds(Connection connection, Actors.Action action) throws Exception {
    try {
      action.run();
      return true;
    } catch (ArenaBudgetExceededException e) {
      check.budgetError(connection, e);
    } catch (OutOfMemoryError e) {
      if (upstream.takeFailures() == 0) {
        throw e;
      }
      Expect.that(e.getMessage().contains("asked for"), "says how much", e.getMessage());
    }
    return false;
  }
}
