package dev.tidepool.allocator;

import dev.tidepool.allocator.budget.CreditedAccount;
import dev.tidepool.allocator.budget.GlobalBudget;
import dev.tidepool.allocator.logging.LogLimiter;
import dev.tidepool.allocator.memory.ArenaBudget;
import dev.tidepool.allocator.memory.ArenaByteBuf;
import dev.tidepool.allocator.memory.ArenaHost;
import dev.tidepool.allocator.memory.MemoryKind;
import dev.tidepool.allocator.memory.RefusalLog;
import dev.tidepool.allocator.memory.Upstream;
import dev.tidepool.allocator.threads.ClockThread;
import dev.tidepool.allocator.threads.Lane;
import dev.tidepool.allocator.threads.PoolsByThread;
import dev.tidepool.allocator.threads.ThreadArenas;
import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.buffer.CompositeByteBuf;
import io.netty.util.concurrent.EventExecutor;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The allocator for {@code ChannelOption.ALLOCATOR}, which organises memory by lifetime.
 *
 * <p>Used alone, it serves each event-loop thread from that thread's own arena, which rewinds by
 * itself when all its buffers are dead, and any other thread from a lock-guarded arena. With an
 * {@link ArenaLifecycleHandler} in front of a pipeline, each connection gets an arena of its own
 * ({@link #newConnectionArena}), which resets at the end of a request.
 *
 * <p><b>Threads.</b> Any thread may call any method, and release any buffer.
 *
 * <p><b>Errors.</b> An allocation throws {@link OutOfMemoryError} if upstream has no more memory:
 * the error says how much was asked for, the log how much is held, and every structure is as it was
 * before. It throws {@link ArenaBudgetExceededException} if a budget has no room and the policy is
 * not to overflow.
 */
public final class ArenaByteBufAllocator extends AbstractByteBufAllocator
    implements ByteBufAllocatorMetricProvider {

  /**
   * The process's allocator, configured by system properties. {@code dev.tidepool.<name>} sets the
   * option of the {@link Builder}'s method {@code <name>}. Sizes are bytes, or end in {@code k},
   * {@code m} or {@code g}; times are milliseconds, or end in {@code ms}, {@code s} or {@code m}.
   * An invalid value fails the class's initialisation with an error that names it.
   */
  public static final ArenaByteBufAllocator DEFAULT =
      new SystemProperties(System::getProperty).applyTo(builder()).build();

  private final Options options;
  private final DefaultKinds kinds;
  private final Recording recording;
  private final LeakListener leakListener;
  private final LogLimiter leakLog;
  private final Upstream upstream;
  private final @Nullable GlobalBudget globalBudget;
  private final ArenaBudget budget;
  private final PoolsByThread<LoopArenas> pools;
  private final AllocatorMetrics metric;
  private final SharedLeakDetection leaks;
  private final RefusalLog refusalLog = new RefusalLog();
  private final Connections connections = new Connections();

  private ArenaByteBufAllocator(Options options, LeakListener leakListener) {
    super(options.get(Options.PREFER_DIRECT));
    this.options = options;
    this.kinds = DefaultKinds.of(options.get(Options.PREFER_DIRECT));
    this.recording = options.get(Options.RECORDING);
    this.leakListener = requireListener(leakListener);
    this.leakLog = LeakWatch.limiter(System::nanoTime);
    this.upstream = new Upstream(options.get(Options.UPSTREAM), options.directFreed());
    this.globalBudget = options.hasGlobalBudget() ? newGlobalBudget() : null;
    this.budget =
        globalBudget == null
            ? new SharedBudget.Unlimited(this)
            : new SharedBudget(this, globalBudget);
    this.pools = newPools(new SharedArenaHost(this));
    this.metric = new AllocatorMetrics(upstream, pools, connections, globalBudget);
    this.leaks = new SharedLeakDetection(leakLog, metric::leaked);
  }

  private static LeakListener requireListener(@Nullable LeakListener listener) {
    if (listener == null) {
      throw Option.bad("leakListener", null, "a listener");
    }
    return listener;
  }

  private GlobalBudget newGlobalBudget() {
    CreditedAccount account = CreditedAccount.of(options.get(Options.GLOBAL_BUDGET));
    return new GlobalBudget(
        account,
        new PressureRelief(this, connections.open(), account, options.get(Options.CLOSE_HEAVIEST)),
        ClockThread.EXECUTOR);
  }

  private PoolsByThread<LoopArenas> newPools(ArenaHost host) {
    return new PoolsByThread<>(
        options.memory(),
        options.get(Options.TRIM_INTERVAL).toNanos(),
        upstream,
        globalBudget,
        host,
        (pool, executor, credit) -> new LoopArenas(pool, host, executor, credit));
  }

  /** {@return a builder with every option at its default} */
  public static Builder builder() {
    return new Builder();
  }

  // Allocation

  @Override
  protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
    return leaks.sampled(allocate(MemoryKind.DIRECT, initialCapacity, maxCapacity));
  }

  @Override
  protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
    return leaks.sampled(allocate(MemoryKind.HEAP, initialCapacity, maxCapacity));
  }

  /** Allocates a buffer that no leak detection samples. */
  ArenaByteBuf allocate(MemoryKind kind, int length, int maxCapacity) {
    LoopArenas loop = pools.ofCurrentThread();
    return loop != null
        ? loop.arena(kind).allocate(length, maxCapacity)
        : allocateInLane(kind, length, maxCapacity);
  }

  /** The kinds of memory where a caller names none. */
  DefaultKinds kinds() {
    return kinds;
  }

  ArenaByteBuf allocateInLane(MemoryKind kind, int length, int maxCapacity) {
    try (Lane lane = pools.lanes().lock()) {
      return lane.arena(kind).allocateOwned(length, maxCapacity);
    }
  }

  /** Allocates a direct buffer that no budget counts. */
  ArenaByteBuf allocateOverflow(int length) {
    LoopArenas loop = pools.ofCurrentThread();
    return loop != null ? overflow(loop, length) : allocateOverflowInLane(length);
  }

  private ArenaByteBuf allocateOverflowInLane(int length) {
    try (Lane lane = pools.lanes().lock()) {
      return overflow(lane, length);
    }
  }

  private static ArenaByteBuf overflow(ThreadArenas arenas, int length) {
    return arenas.arena(MemoryKind.DIRECT).allocateOverflow(length, Integer.MAX_VALUE);
  }

  /**
   * Has Netty's leak detection sample the buffer. Netty finds a leak when the garbage collector
   * finds the buffer unreachable, so its block must not refer to it.
   */
  static ByteBuf leakAware(ArenaByteBuf buffer) {
    ByteBuf sampled = toLeakAwareBuffer(buffer);
    if (!(sampled instanceof ArenaByteBuf)) {
      buffer.leaveSlot();
    }
    return sampled;
  }

  /** Has Netty's leak detection sample a composite, which has no memory of its own. */
  static CompositeByteBuf leakAware(CompositeByteBuf buffer) {
    return toLeakAwareBuffer(buffer);
  }

  @Override
  public boolean isDirectBufferPooled() {
    return true;
  }

  // Connections

  /**
   * Opens an arena for one connection. The caller closes it with the connection.
   *
   * @param executor the connection's event loop; not null
   * @return the arena, open
   */
  public ConnectionArena newConnectionArena(EventExecutor executor) {
    return newConnectionArena(executor, "connection on " + executor);
  }

  /**
   * Opens an arena for one connection. The caller closes it with the connection.
   *
   * @param executor the connection's event loop; not null
   * @param connection what reports call the connection, by its {@code toString()}, such as the
   *     channel; not null
   * @return the arena, open
   */
  public ConnectionArena newConnectionArena(EventExecutor executor, Object connection) {
    Objects.requireNonNull(executor, "executor");
    Objects.requireNonNull(connection, "connection");
    return open(new ConnectionArena(this, executor, connection, null));
  }

  ConnectionArena open(ConnectionArena arena) {
    connections.opened(arena);
    return arena;
  }

  void closed(ConnectionArena arena) {
    connections.closed(arena);
    if (globalBudget != null) {
      globalBudget.connectionClosed();
    }
  }

  /**
   * {@return the open connection arenas that hold the most bytes, heaviest first} A child is listed
   * by itself, and what it holds is not its parent's.
   *
   * @param n the most to list; at least 0
   * @throws IllegalArgumentException if {@code n} is negative
   */
  public List<ConnectionArena> heaviest(int n) {
    Arguments.requireNotNegative("n", n);
    record Weighed(
        ConnectionArena arena, long bytes) {} // read once: a sort fails if figures change
    return connections.open().stream()
        .map(arena -> new Weighed(arena, arena.heldBytes()))
        .sorted(Comparator.comparingLong(Weighed::bytes).reversed())
        .limit(n)
        .map(Weighed::arena)
        .toList();
  }

  /**
   * Walks over all connection arenas, those of streams and those closing included. Any thread; no
   * event loop waits for it, and it waits for none. Costs a look at each arena, one at each block
   * held, and one at each living or lately released buffer in these, of which it looks at about
   * 250,000 and estimates the rest.
   *
   * @param limit the most to list; at least 0
   * @param order which to list first
   * @return what it found
   * @throws IllegalArgumentException if {@code limit} is negative
   */
  public ConnectionWalk connections(int limit, ConnectionOrder order) {
    Arguments.requireNotNegative("limit", limit);
    return new ConnectionWalker(order, limit).walk(connections);
  }

  /**
   * {@return snapshots of the block pools: of the event loops that allocated here and have not
   * ended, by name, and of the lanes} Any thread; no event loop waits for it.
   */
  public List<PoolSnapshot> poolSnapshots() {
    return PoolSnapshot.of(pools);
  }

  // Figures and trimming

  @Override
  public ArenaAllocatorMetric metric() {
    return metric;
  }

  /**
   * Gives every idle block back upstream. The blocks of the calling thread and of threads without
   * an event loop are back when this returns; each other event loop gives its own back by a task.
   */
  public void trim() {
    pools.trim();
  }

  Options options() {
    return options;
  }

  /** {@link Options#RECORDING}, which is asked for each buffer when it is on. */
  Recording recording() {
    return recording;
  }

  LeakListener leakListener() {
    return leakListener;
  }

  LogLimiter leakLog() {
    return leakLog;
  }

  RefusalLog refusalLog() {
    return refusalLog;
  }

  @Nullable GlobalBudget globalBudget() {
    return globalBudget;
  }

  /** The budget of blocks that belong to no connection. */
  ArenaBudget budget() {
    return budget;
  }

  Connections connections() {
    return connections;
  }

  PoolsByThread<LoopArenas> pools() {
    return pools;
  }

  AllocatorMetrics sharedMetric() {
    return metric;
  }

  @Override
  public String toString() {
    return "ArenaByteBufAllocator(" + metric + ')';
  }

  /** The builder of {@link ArenaByteBufAllocator}s; every option has a default. Not thread-safe. */
  public static final class Builder extends OptionsBuilder<Builder> {
    private Builder() {}

    @Override
    Builder self() {
      return this;
    }

    /**
     * Builds the allocator.
     *
     * @return the allocator
     * @throws IllegalArgumentException if an option is missing or out of its range; the message
     *     says the option, its value and what was expected
     */
    public ArenaByteBufAllocator build() {
      return new ArenaByteBufAllocator(options(), leakListener());
    }
  }
}
