package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.binder.netty4.NettyAllocatorMetrics;
import io.micrometer.core.instrument.binder.netty4.NettyEventExecutorMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The meters of an allocator, and Micrometer's own of Netty. */
class ArenaMeterBinderTest {
  private static final int BLOCK = 262_144; // of one buffer

  @RegisterExtension static final OnEventLoop loop = new OnEventLoop();

  @RegisterExtension
  private final UpstreamGuard guard =
      UpstreamGuard.of(
          ArenaByteBufAllocator.builder()
              .trimInterval(Duration.ZERO)
              .leakGrace(Duration.ofMillis(1))
              .hardBudget(16 * BLOCK));

  private final ArenaByteBufAllocator shared = guard.allocator();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final List<ConnectionArena> opened = new ArrayList<>();
  private long nanos;

  private void bind(int ranks) {
    new ArenaMeterBinder(shared, ranks, List.of(), () -> nanos).bindTo(registry);
  }

  private ConnectionArena open() {
    ConnectionArena arena = shared.newConnectionArena(loop.loop(), "connection " + opened.size());
    opened.add(arena);
    return arena;
  }

  @AfterEach
  void close() {
    opened.forEach(ConnectionArena::close);
    registry.close();
  }

  private double gauge(String name, String... tags) {
    Gauge found = registry.get(name).tags(tags).gauge();
    return found.value();
  }

  private double counter(String name) {
    FunctionCounter found = registry.get(name).functionCounter();
    return found.count();
  }

  private void aSecondPasses() {
    nanos += TimeUnit.SECONDS.toNanos(1);
  }

  @Test
  void tellsWhatIsHeld() {
    bind(1);
    ConnectionArena arena = open();
    ByteBuf straggler = arena.directBuffer(BLOCK);
    arena.reset();
    ByteBuf alive = arena.directBuffer(2 * BLOCK);
    arena.heapBuffer(BLOCK).release();
    assertThat(gauge("tidepool.memory.upstream", "area", "direct")).isEqualTo(3 * BLOCK);
    assertThat(gauge("tidepool.memory.upstream", "area", "heap")).isEqualTo(BLOCK);
    assertThat(gauge("tidepool.memory.upstream.peak")).isEqualTo(4 * BLOCK);
    assertThat(gauge("tidepool.memory.leased")).isEqualTo(3 * BLOCK);
    assertThat(gauge("tidepool.memory.idle")).isEqualTo(BLOCK);
    assertThat(gauge("tidepool.memory.overflow")).isZero();
    assertThat(gauge("tidepool.memory.alive")).isEqualTo(2 * BLOCK);
    assertThat(gauge("tidepool.memory.straggling")).isEqualTo(BLOCK);
    assertThat(gauge("tidepool.live.buffers")).isEqualTo(2);
    assertThat(gauge("tidepool.straggling.buffers")).isEqualTo(1);
    assertThat(gauge("tidepool.arenas")).isEqualTo(1);
    straggler.release();
    alive.release();
    shared.trim();
    assertThat(counter("tidepool.memory.trimmed")).isEqualTo(4 * BLOCK);
    assertThat(counter("tidepool.upstream.allocations")).isEqualTo(3);
  }

  @Test
  void countsWhatHappens() {
    bind(0);
    ConnectionArena arena = open();
    arena.directBuffer(10).release();
    arena.reset();
    arena.reset();
    assertThatThrownBy(() -> arena.directBuffer(17 * BLOCK))
        .isInstanceOf(ArenaBudgetExceededException.class);
    assertThat(counter("tidepool.requests")).isEqualTo(1);
    assertThat(counter("tidepool.resets")).isEqualTo(2);
    assertThat(counter("tidepool.refusals")).isEqualTo(1);
    assertThat(counter("tidepool.leaks")).isZero();
  }

  @Test
  void tellsOfTheHeaviestByRankAndOfNoConnectionByName() {
    bind(2);
    int meters = registry.getMeters().size();
    List<ByteBuf> alive = new ArrayList<>();
    for (int i = 1; i <= 5; i++) {
      alive.add(open().directBuffer(i * BLOCK));
    }
    alive.add(opened.get(4).directBuffer(10));
    assertThat(gauge("tidepool.connection.held", "rank", "1"))
        .isEqualTo((double) opened.get(4).heldBytes());
    assertThat(gauge("tidepool.connection.held", "rank", "2"))
        .isEqualTo((double) opened.get(3).heldBytes());
    assertThat(gauge("tidepool.connection.live.buffers", "rank", "1")).isEqualTo(2);
    assertThat(registry.find("tidepool.connection.held").tags("rank", "3").gauge()).isNull();
    assertThat(registry.getMeters()).hasSize(meters);
    alive.forEach(ByteBuf::release);
    opened.forEach(ConnectionArena::reset);
    aSecondPasses();
    assertThat(gauge("tidepool.connection.held", "rank", "1")).isZero();
  }

  @Test
  void aRankWithoutAConnectionIsZero() {
    bind(3);
    assertThat(gauge("tidepool.connection.held", "rank", "3")).isZero();
  }

  @Test
  void walksOverTheConnectionsAtMostOnceASecond() {
    bind(1);
    assertThat(gauge("tidepool.live.buffers")).isZero();
    ByteBuf buffer = open().directBuffer(10);
    nanos += TimeUnit.MILLISECONDS.toNanos(999);
    assertThat(gauge("tidepool.live.buffers")).as("of the walk before").isZero();
    assertThat(gauge("tidepool.connection.live.buffers", "rank", "1")).isZero();
    nanos += TimeUnit.MILLISECONDS.toNanos(1);
    assertThat(gauge("tidepool.live.buffers")).isEqualTo(1);
    buffer.release();
  }

  @Test
  void eachMeterIsDescribedAndTagged() {
    new ArenaMeterBinder(shared, 1, List.of(Tag.of("server", "public"))).bindTo(registry);
    assertThat(registry.getMeters())
        .isNotEmpty()
        .allSatisfy(
            meter -> {
              Meter.Id id = meter.getId();
              assertThat(id.getName()).startsWith("tidepool.");
              assertThat(id.getDescription()).isNotBlank();
              assertThat(id.getTag("server")).isEqualTo("public");
            });
  }

  @Test
  void aNumberOfRanksOutOfRangeIsRefused() {
    assertThatThrownBy(() -> new ArenaMeterBinder(shared, 101, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("ranks: 101 (expected: 0 to 100)");
    assertThatThrownBy(() -> new ArenaMeterBinder(shared, -1, List.of()))
        .hasMessage("ranks: -1 (expected: 0 to 100)");
  }

  // Micrometer's own meters of Netty

  @Test
  void micrometersOwnBinderOfNettyAllocatorsWorksWithThisOne() {
    new NettyAllocatorMetrics(shared).bindTo(registry);
    ByteBuf direct = shared.directBuffer(BLOCK);
    ByteBuf heap = shared.heapBuffer(2 * BLOCK);
    String[] tags = {"allocator.type", "ArenaByteBufAllocator", "memory.type", "direct"};
    assertThat(gauge("netty.allocator.memory.used", tags)).isEqualTo(BLOCK);
    tags[3] = "heap";
    assertThat(gauge("netty.allocator.memory.used", tags)).isEqualTo(2 * BLOCK);
    direct.release();
    heap.release();
  }

  @Test
  void micrometersOwnBinderOfEventLoopsWorksBesideIt() {
    new NettyEventExecutorMetrics(loop.loop().parent()).bindTo(registry);
    bind(1);
    assertThat(gauge("netty.eventexecutor.tasks.pending")).isNotNegative();
  }
}
