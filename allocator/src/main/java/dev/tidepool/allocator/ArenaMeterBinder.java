package dev.tidepool.allocator;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A Micrometer binder with the totals of an allocator and figures of its heaviest connections.
 *
 * <p>No connection has meters of its own. The heaviest are told by rank: {@code rank="1"} is the
 * heaviest at the time, whichever that is. {@code allocator/docs/observing.md} lists all meters.
 *
 * <p>What takes a walk over all connections is read from one walk, at most one a second, however
 * many meters and registries ask. The walk is made by the thread that asks; no event loop waits for
 * it.
 *
 * <p>Needs {@code io.micrometer:micrometer-core}, on which the library depends optionally. A
 * registry keeps the allocator reachable. Thread-safe.
 */
public final class ArenaMeterBinder implements MeterBinder {
  private static final int USUAL_RANKS = 10;
  private static final int MOST_RANKS = 100;
  private static final String PREFIX = "tidepool.";
  private static final String OUTLIVED = "Living buffers that outlived their request";
  private static final String BUFFERS = BaseUnits.BUFFERS;
  private static final String BYTES = BaseUnits.BYTES;

  private final ArenaByteBufAllocator allocator;
  private final int ranks;
  private final Tags tags;
  private final LastWalk walk;

  /**
   * A binder with the ten heaviest connections, and without tags.
   *
   * @param allocator not null
   */
  public ArenaMeterBinder(ArenaByteBufAllocator allocator) {
    this(allocator, USUAL_RANKS, List.of());
  }

  /**
   * @param allocator not null
   * @param ranks the number of heaviest connections to tell of; 0 to 100
   * @param tags added to each meter, such as a name where a process has several allocators; not
   *     null
   * @throws IllegalArgumentException if {@code ranks} is out of range
   */
  public ArenaMeterBinder(ArenaByteBufAllocator allocator, int ranks, Iterable<Tag> tags) {
    this(allocator, ranks, tags, System::nanoTime);
  }

  ArenaMeterBinder(
      ArenaByteBufAllocator allocator, int ranks, Iterable<Tag> tags, LongSupplier nanoTime) {
    if (ranks < 0 || ranks > MOST_RANKS) {
      throw new IllegalArgumentException(
          "ranks: %d (expected: 0 to %d)".formatted(ranks, MOST_RANKS));
    }
    this.allocator = Objects.requireNonNull(allocator, "allocator");
    this.ranks = ranks;
    this.tags = Tags.of(tags);
    this.walk = new LastWalk(allocator, ranks, nanoTime);
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    new Bound(registry).bind();
  }

  /** The meters in one registry. */
  private final class Bound {
    private final MeterRegistry registry;

    Bound(MeterRegistry registry) {
      this.registry = registry;
    }

    void bind() {
      bindUpstream();
      bindBlocks();
      bindBuffers();
      bindEvents();
      for (int rank = 1; rank <= ranks; rank++) {
        bindRank(rank);
      }
    }

    private void bindUpstream() {
      String held = "Memory held from upstream";
      gauge("memory.upstream", held, "direct", m -> m.usedDirectMemory());
      gauge("memory.upstream", held, "heap", m -> m.usedHeapMemory());
      gauge("memory.upstream.peak", "The most ever held from upstream", m -> m.peakMemory());
      if (allocator.metric().residentMemory() >= 0) {
        gauge("memory.resident", "All memory of the process in RAM", m -> m.residentMemory());
      }
    }

    private void bindBlocks() {
      gauge("memory.leased", "Blocks that arenas hold", m -> m.leasedMemory());
      gauge("memory.idle", "Blocks that lie idle in pools", m -> m.pooledMemory());
      gauge("memory.charged", "Counts against the global budget", m -> m.chargedMemory());
      gauge("memory.overflow", "Leased, and counts against no budget", m -> m.overflowMemory());
    }

    private void bindBuffers() {
      walked("memory.alive", "Living buffers of current requests", BYTES, w -> w.aliveBytes());
      walked("memory.straggling", OUTLIVED, BYTES, w -> w.stragglingBytes());
      walked("live.buffers", "Living buffers of connections", BUFFERS, w -> w.liveBuffers());
      walked("straggling.buffers", OUTLIVED, BUFFERS, w -> w.stragglers());
      walked(
          "arenas",
          "Arenas of connections and streams, open or closing",
          null,
          w -> w.connections());
    }

    private void bindEvents() {
      counted("requests", "Requests of connections that ended", null, m -> walk.get().requests());
      counted("resets", "Resets of connections' arenas", null, m -> walk.get().resets());
      counted(
          "upstream.allocations", "Allocations from upstream", null, m -> m.upstreamAllocations());
      counted("memory.trimmed", "Idle blocks that trims gave back", BYTES, m -> m.trimmedMemory());
      counted("refusals", "Allocations that a budget refused", null, m -> m.refusals());
      counted("leaks", "Buffers and holds reported as leaked", null, m -> m.leaks());
    }

    private void bindRank(int rank) {
      ranked("held", "Blocks held, by the heaviest connections", BYTES, rank, c -> c.heldBytes());
      ranked(
          "straggling",
          OUTLIVED + ", of the heaviest connections",
          BYTES,
          rank,
          c -> c.stragglingBytes());
      ranked(
          "live.buffers",
          "Living buffers of the heaviest connections",
          BUFFERS,
          rank,
          c -> c.liveBuffers());
    }

    private void gauge(
        String name, String description, ToLongFunction<ArenaAllocatorMetric> figure) {
      register(
          name, description, BYTES, Tags.empty(), () -> figure.applyAsLong(allocator.metric()));
    }

    private void gauge(
        String name, String description, String area, ToLongFunction<ArenaAllocatorMetric> figure) {
      register(
          name,
          description,
          BYTES,
          Tags.of("area", area),
          () -> figure.applyAsLong(allocator.metric()));
    }

    private void walked(
        String name,
        String description,
        @Nullable String unit,
        ToLongFunction<ConnectionWalk> figure) {
      register(name, description, unit, Tags.empty(), () -> figure.applyAsLong(walk.get()));
    }

    private void ranked(
        String name,
        String description,
        String unit,
        int rank,
        ToLongFunction<ConnectionSnapshot> figure) {
      register(
          "connection." + name,
          description,
          unit,
          Tags.of("rank", Integer.toString(rank)),
          () -> ofRank(rank, figure));
    }

    private void register(
        String name, String description, @Nullable String unit, Tags own, LongSupplier value) {
      Gauge.builder(PREFIX + name, value::getAsLong)
          .description(description)
          .baseUnit(unit)
          .tags(tags.and(own))
          .register(registry);
    }

    private void counted(
        String name,
        String description,
        @Nullable String unit,
        ToDoubleFunction<ArenaAllocatorMetric> count) {
      FunctionCounter.builder(PREFIX + name, allocator.metric(), count)
          .description(description)
          .baseUnit(unit)
          .tags(tags)
          .register(registry);
    }
  }

  private long ofRank(int rank, ToLongFunction<ConnectionSnapshot> figure) {
    List<ConnectionSnapshot> first = walk.get().first();
    return rank <= first.size() ? figure.applyAsLong(first.get(rank - 1)) : 0;
  }
}
