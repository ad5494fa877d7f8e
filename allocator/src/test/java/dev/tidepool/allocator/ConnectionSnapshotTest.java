package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Snapshots of connections on their event loop, where they are exact: against a simple model. */
class ConnectionSnapshotTest {
  private static final int CONNECTIONS = 5;
  private static final int STEPS = 4000;
  private static final int LARGEST_BLOCK = 256 << 10; // of size()'s largest buffer
  private static final int ALIGNMENT = 16;

  @RegisterExtension static final OnEventLoop loop = new OnEventLoop();
  @RegisterExtension private final UpstreamGuard guard = UpstreamGuard.of(Checks.OFF);

  private final List<Model> models = new ArrayList<>();
  private ArenaByteBufAllocator shared = guard.allocator();

  /** What a connection holds, as its user knows it. */
  private static final class Model {
    final ConnectionArena arena;
    final List<Alive> alive = new ArrayList<>();
    int request = 1;
    long handedOut;
    long peakHeld;

    record Alive(ByteBuf buffer, int request, long bytes) {}

    Model(ConnectionArena arena) {
      this.arena = arena;
    }

    void allocate(int size, boolean direct) {
      ByteBuf buffer = direct ? arena.directBuffer(size) : arena.heapBuffer(size);
      long bytes = (size + ALIGNMENT - 1L) / ALIGNMENT * ALIGNMENT;
      alive.add(new Alive(buffer, request, bytes));
      handedOut += bytes;
      peakHeld = Math.max(peakHeld, arena.heldBytes());
    }

    void release(int index) {
      alive.remove(index).buffer.release();
    }

    void reset() {
      arena.reset();
      if (handedOut > 0) {
        request++;
        handedOut = 0;
      }
    }

    void end() {
      while (!alive.isEmpty()) {
        release(0);
      }
      arena.close();
    }

    long bytes(boolean straggling) {
      return alive.stream()
          .filter(each -> isStraggler(each) == straggling)
          .mapToLong(Alive::bytes)
          .sum();
    }

    int stragglers() {
      return (int) alive.stream().filter(this::isStraggler).count();
    }

    private boolean isStraggler(Alive buffer) {
      return arena.isClosed() || buffer.request != request;
    }

    void compareWith(ConnectionSnapshot found) {
      assertThat(found.liveBuffers()).as("live buffers").isEqualTo(alive.size());
      assertThat(found.stragglers()).as("stragglers").isEqualTo(stragglers());
      assertThat(found.aliveBytes()).as("alive").isEqualTo(bytes(false));
      assertThat(found.stragglingBytes()).as("straggling").isEqualTo(bytes(true));
      assertThat(found.heldBytes()).as("held").isEqualTo(arena.heldBytes());
      assertThat(found.blocks()).as("blocks").isEqualTo(arena.heldBlocks());
      assertThat(found.releasedBytes()).as("released").isNotNegative();
      assertThat(found.freeBytes()).as("free").isNotNegative();
      assertThat(found.requests()).as("requests").isEqualTo(request - 1);
      // Within an allocation it may hold a block that it gives back before the end of it.
      assertThat(found.peakHeldBytes()).as("peak").isBetween(peakHeld, peakHeld + LARGEST_BLOCK);
      assertThat(arena.metric().liveBuffers()).isEqualTo(alive.size());
      assertThat(arena.metric().stragglers()).isEqualTo(stragglers());
    }
  }

  private Model open() {
    Model model = new Model(shared.newConnectionArena(loop.loop(), "connection " + models.size()));
    models.add(model);
    return model;
  }

  @AfterEach
  void close() {
    models.forEach(Model::end);
  }

  private ConnectionSnapshot snapshotOf(Model model) {
    return shared.connections(Integer.MAX_VALUE, ConnectionOrder.OLDEST).first().stream()
        .filter(each -> each.arena() == model.arena)
        .findFirst()
        .orElseThrow();
  }

  private void compare() {
    ConnectionWalk walk = shared.connections(100, ConnectionOrder.HEAVIEST);
    assertThat(walk.connections()).isEqualTo(models.size()).isEqualTo(walk.first().size());
    assertThat(walk.liveBuffers()).isEqualTo(models.stream().mapToLong(m -> m.alive.size()).sum());
    assertThat(walk.stragglers()).isEqualTo(models.stream().mapToLong(Model::stragglers).sum());
    assertThat(walk.aliveBytes()).isEqualTo(models.stream().mapToLong(m -> m.bytes(false)).sum());
    assertThat(walk.stragglingBytes())
        .isEqualTo(models.stream().mapToLong(m -> m.bytes(true)).sum());
    assertThat(walk.first().stream().mapToLong(ConnectionSnapshot::heldBytes))
        .isSortedAccordingTo((a, b) -> Long.compare(b, a));
    for (ConnectionSnapshot each : walk.first()) {
      models.stream().filter(m -> m.arena == each.arena()).forEach(m -> m.compareWith(each));
    }
  }

  // Exactness

  @ParameterizedTest
  @EnumSource(
      value = Checks.class,
      names = {"OFF", "FULL"})
  void figuresAreExactWhateverWasDone(Checks checks) {
    shared =
        guard.another(ArenaByteBufAllocator.builder().checks(checks).trimInterval(Duration.ZERO));
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < CONNECTIONS; i++) {
      open();
    }
    try {
      for (int step = 0; step < STEPS; step++) {
        step(models.get(random.nextInt(CONNECTIONS)), random);
        if (step % 7 == 0) {
          compare();
        }
      }
    } catch (Throwable e) {
      throw new AssertionError("seed " + seed, e);
    }
  }

  /** Keeps some buffers for long, so that blocks fill up and are swept. */
  private static void step(Model model, Random random) {
    int what = random.nextInt(100);
    if (what < 50) {
      model.allocate(size(random), random.nextInt(4) > 0);
    } else if (what < 95 && !model.alive.isEmpty()) {
      int recent = Math.max(0, model.alive.size() - 1 - random.nextInt(20));
      model.release(random.nextInt(3) == 0 ? recent : random.nextInt(model.alive.size()));
    } else {
      model.reset();
    }
  }

  private static int size(Random random) {
    return switch (random.nextInt(20)) {
      case 0 -> 20_000 + random.nextInt(200_000);
      case 1, 2 -> 8_000 + random.nextInt(12_000);
      default -> 1 + random.nextInt(1500);
    };
  }

  @Test
  void theFourPartsOfAHandMadeCase() {
    Model model = open();
    model.allocate(1000, true);
    model.allocate(500, true);
    model.allocate(100, true);
    model.reset();
    model.release(1); // amid the stragglers
    model.allocate(64, true);
    ConnectionSnapshot found = snapshotOf(model);
    assertThat(found.aliveBytes()).isEqualTo(64);
    assertThat(found.stragglingBytes()).isEqualTo(1008 + 112);
    assertThat(found.releasedBytes()).isEqualTo(512);
    assertThat(found.freeBytes()).isEqualTo(found.heldBytes() - 64 - 1120 - 512);
    assertThat(found.liveBuffers()).isEqualTo(3);
    assertThat(found.stragglers()).isEqualTo(2);
  }

  @Test
  void aBufferReleasedElsewhereIsReleasedBeforeTheLoopCollectsIt() throws InterruptedException {
    Model model = open();
    model.allocate(1000, true);
    model.allocate(100, true);
    ByteBuf first = model.alive.remove(0).buffer();
    Thread other = new Thread(first::release);
    other.start();
    other.join();
    model.compareWith(snapshotOf(model));
    assertThat(snapshotOf(model).releasedBytes()).isEqualTo(1008);
  }

  @Test
  void aBufferThatGrewElsewhereCountsOnce() throws InterruptedException {
    Model model = open();
    model.allocate(100, true);
    Thread other = new Thread(() -> model.alive.get(0).buffer().capacity(5000));
    other.start();
    other.join();
    ConnectionSnapshot found = snapshotOf(model);
    assertThat(found.liveBuffers()).isEqualTo(1);
    assertThat(found.stragglers()).isZero();
    assertThat(found.aliveBytes()).as("its own place, and its bytes").isEqualTo(112 + 5008);
  }

  // The walk

  @Test
  void anIdleConnectionIsListedAndHoldsNothing() {
    Model model = open();
    model.allocate(1000, true);
    model.release(0);
    model.reset();
    ConnectionSnapshot found = snapshotOf(model);
    assertThat(found.heldBytes()).isZero();
    assertThat(found.blocks()).isZero();
    assertThat(found.peakHeldBytes()).isEqualTo(model.peakHeld).isPositive();
    assertThat(found.peakRequestBytes()).isEqualTo(1008);
  }

  @Test
  void thePeakIsTheConnectionsOwnWhenArenasServeAnother() {
    Model small = open();
    Model large = open();
    small.allocate(10, true);
    small.release(0);
    small.reset();
    large.allocate(500_000, true);
    large.release(0);
    large.reset();
    small.allocate(10, true); // in the arenas that the other one had
    assertThat(snapshotOf(small).peakHeldBytes()).isEqualTo(small.peakHeld).isLessThan(500_000);
    assertThat(snapshotOf(large).peakHeldBytes()).isEqualTo(large.peakHeld);
  }

  @Test
  void aClosedConnectionIsListedWhileSomethingInItIsAlive() {
    Model model = open();
    model.allocate(1000, true);
    model.arena.close();
    ConnectionSnapshot closing = snapshotOf(model);
    assertThat(closing.closed()).isTrue();
    assertThat(closing.stragglers()).isEqualTo(1);
    assertThat(closing.stragglingBytes()).isEqualTo(1008);
    assertThat(shared.metric().openArenas()).isZero();
    model.release(0);
    assertThat(shared.connections(9, ConnectionOrder.HEAVIEST).connections()).isZero();
    assertThat(shared.connections().closing()).as("forgotten").isZero();
  }

  @Test
  void requestsAndResetsOfClosedConnectionsCount() {
    for (int i = 0; i < 3; i++) {
      Model model = open();
      model.allocate(10, true);
      model.release(0);
      model.reset();
      model.arena.close();
    }
    Model last = open();
    last.allocate(10, true);
    last.release(0);
    last.reset();
    ConnectionWalk walk = shared.connections(0, ConnectionOrder.HEAVIEST);
    assertThat(walk.requests()).isEqualTo(4).isEqualTo(shared.metric().requests());
    assertThat(walk.resets()).isEqualTo(4 + 3).isEqualTo(shared.metric().resets());
    assertThat(walk.first()).isEmpty();
  }

  @Test
  void ordersListTheGreatestFirst() {
    Model heavy = open();
    Model straggling = open();
    Model busy = open();
    heavy.allocate(300_000, true);
    straggling.allocate(10, true);
    straggling.reset();
    for (int i = 0; i < 5; i++) {
      busy.allocate(10, true);
      busy.release(0);
      busy.reset();
    }
    assertThat(first(ConnectionOrder.HEAVIEST)).isSameAs(heavy.arena);
    assertThat(first(ConnectionOrder.STRAGGLING)).isSameAs(straggling.arena);
    assertThat(first(ConnectionOrder.BUSIEST)).isSameAs(busy.arena);
    assertThat(first(ConnectionOrder.OLDEST)).isSameAs(heavy.arena);
    assertThat(shared.connections(2, ConnectionOrder.OLDEST).first())
        .extracting(ConnectionSnapshot::arena)
        .containsExactly(heavy.arena, straggling.arena);
  }

  @Test
  void theConnectionThatWasRefusedMostIsFirst() {
    shared = guard.another(ArenaByteBufAllocator.builder().hardBudget(64 * 1024));
    open();
    Model greedy = open();
    assertThatThrownBy(() -> greedy.arena.directBuffer(1_000_000))
        .isInstanceOf(ArenaBudgetExceededException.class);
    ConnectionSnapshot found = shared.connections(1, ConnectionOrder.REFUSED).first().get(0);
    assertThat(found.arena()).isSameAs(greedy.arena);
    assertThat(found.refusals()).isEqualTo(1);
  }

  private ConnectionArena first(ConnectionOrder order) {
    return shared.connections(1, order).first().get(0).arena();
  }

  @Test
  void aNegativeLimitIsRefused() {
    assertThatThrownBy(() -> shared.connections(-1, ConnectionOrder.HEAVIEST))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("limit: -1 (expected: >= 0)");
  }

  @Test
  void idsAreUniqueAndAscendAndAgesGrow() {
    for (int i = 0; i < 1000; i++) {
      open();
    }
    List<Long> ids =
        shared.connections(1000, ConnectionOrder.OLDEST).first().stream()
            .map(ConnectionSnapshot::id)
            .toList();
    assertThat(ids).doesNotHaveDuplicates().isSorted().hasSize(1000);
    Model oldest = models.get(0);
    Duration before = snapshotOf(oldest).age();
    assertThat(before).isPositive();
    TestThreads.await("an age that grows", () -> snapshotOf(oldest).age().compareTo(before) > 0);
  }

  // Many buffers

  @Test
  void theRestOfVeryManyBuffersIsEstimated() {
    Model model = open();
    int many = 2 * ConnectionWalker.LOOKS;
    for (int i = 0; i < many; i++) {
      model.alive.add(new Model.Alive(model.arena.directBuffer(16), 1, 16));
    }
    ConnectionSnapshot found = snapshotOf(model);
    assertThat(found.liveBuffers()).isBetween((int) (0.95 * many), (int) (1.05 * many));
    assertThat(found.aliveBytes()).isBetween((long) (0.95 * 16 * many), (long) (1.05 * 16 * many));
    assertThat(model.arena.metric().liveBuffers()).as("exact").isEqualTo(many);
    models.remove(model);
    for (int i = many - 1; i >= 0; i--) {
      model.release(i);
    }
    model.end();
  }

  // Watching

  @Test
  void onlyAWatchedConnectionKeepsTheBytesOfItsRequests() {
    Model model = open();
    request(model, 100);
    assertThat(snapshotOf(model).recentRequestBytes()).isEmpty();
    model.arena.watch();
    assertThat(snapshotOf(model).recentRequestBytes()).isEmpty();
    request(model, 160);
    request(model, 320);
    model.arena.watch();
    model.reset(); // no request
    assertThat(snapshotOf(model).recentRequestBytes()).containsExactly(160L, 320L);
    for (int i = 1; i <= 200; i++) {
      request(model, 16 * i);
    }
    assertThat(snapshotOf(model).recentRequestBytes())
        .containsExactlyElementsOf(
            LongStream.rangeClosed(137, 200).map(i -> 16 * i).boxed().toList());
  }

  private static void request(Model model, int bytes) {
    model.allocate(bytes, true);
    model.release(0);
    model.reset();
  }
}
