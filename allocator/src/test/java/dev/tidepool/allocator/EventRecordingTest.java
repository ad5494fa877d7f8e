package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidepool.allocator.ArenaEvent.Kind;
import dev.tidepool.allocator.memory.ArenaRecorder;
import dev.tidepool.allocator.memory.HeldRanges;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The recording of one connection's events, on its event loop. */
class EventRecordingTest {
  private static final int BLOCK = 4096;

  @RegisterExtension static final OnEventLoop loop = new OnEventLoop();

  @RegisterExtension
  private final UpstreamGuard guard =
      UpstreamGuard.of(
          ArenaByteBufAllocator.builder().minBlockSize(BLOCK).trimInterval(Duration.ZERO));

  private final ConnectionArena arena = open(guard.allocator(), "the connection");

  private static ConnectionArena open(ArenaByteBufAllocator allocator, String name) {
    return allocator.newConnectionArena(loop.loop(), name);
  }

  @AfterEach
  void closeArena() {
    arena.close();
  }

  private static List<Kind> kinds(EventRecording recording) {
    return recording.eventsSince(0).stream().map(ArenaEvent::kind).toList();
  }

  /** Each event but for its number, time and thread. */
  private static List<String> figures(EventRecording recording) {
    return recording.eventsSince(0).stream()
        .map(
            event ->
                "%s block %d (%d, %s) at %d: %d, buffer %d, request %d"
                    .formatted(
                        event.kind(),
                        event.block(),
                        event.blockBytes(),
                        event.direct() ? "direct" : "heap",
                        event.offset(),
                        event.length(),
                        event.buffer(),
                        event.request()))
        .toList();
  }

  @Test
  void aRequestIsRecordedBufferByBuffer() {
    EventRecording recording = arena.recordEvents(100);
    ByteBuf first = arena.directBuffer(100);
    ByteBuf second = arena.directBuffer(256);
    second.capacity(300); // in place, at the top
    first.capacity(200); // moves
    second.release();
    arena.reset();
    first.release();
    arena.reset();
    assertThat(figures(recording))
        .containsExactly(
            "LEASE block 1 (4096, direct) at 0: 4096, buffer 0, request 1",
            "ALLOCATE block 1 (4096, direct) at 0: 100, buffer 1, request 1",
            "ALLOCATE block 1 (4096, direct) at 112: 256, buffer 2, request 1",
            "GROW block 1 (4096, direct) at 112: 300, buffer 2, request 1",
            "GROW block 1 (4096, direct) at 416: 200, buffer 1, request 1",
            "RELEASE block 1 (4096, direct) at 112: 300, buffer 2, request 1",
            "RESET block 0 (0, heap) at 0: 0, buffer 0, request 1",
            "STRAGGLE block 1 (4096, direct) at 416: 200, buffer 1, request 1",
            "RELEASE block 1 (4096, direct) at 416: 200, buffer 1, request 1",
            "RESET block 0 (0, heap) at 0: 0, buffer 0, request 2",
            "GIVE_BACK block 1 (4096, direct) at 0: 4096, buffer 0, request 2");
    assertThat(recording.eventsSince(0))
        .extracting(ArenaEvent::sequence)
        .isEqualTo(LongStream.rangeClosed(1, 11).boxed().toList());
    assertThat(recording.eventsSince(0))
        .extracting(ArenaEvent::thread)
        .containsOnly(Thread.currentThread().getName());
    assertThat(recording.eventsSince(0))
        .extracting(ArenaEvent::nanos)
        .isSorted()
        .last()
        .satisfies(nanos -> assertThat(nanos).isPositive());
    assertThat(recording.dropped()).isZero();
  }

  @Test
  void whatIsHeldWhenItBeginsComesFirst() {
    ByteBuf direct = arena.directBuffer(100);
    arena.directBuffer(50).release();
    ByteBuf heap = arena.heapBuffer(200);
    EventRecording recording = arena.recordEvents(100);
    assertThat(figures(recording))
        .containsExactly(
            "LEASE block 1 (4096, direct) at 0: 4096, buffer 0, request 1",
            "ALLOCATE block 1 (4096, direct) at 0: 100, buffer 1, request 1",
            "LEASE block 2 (4096, heap) at 0: 4096, buffer 0, request 1",
            "ALLOCATE block 2 (4096, heap) at 0: 200, buffer 2, request 1");
    assertThat(recording.eventsSince(0)).extracting(ArenaEvent::nanos).containsOnly(0L);
    direct.release();
    heap.release();
    assertThat(kinds(recording)).endsWith(Kind.RELEASE, Kind.RELEASE);
  }

  @Test
  void aFullBlockIsSwept() {
    EventRecording recording = arena.recordEvents(1000);
    List<ByteBuf> buffers = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      buffers.add(arena.directBuffer(256));
      if (i % 4 != 0) {
        buffers.get(i).release();
        buffers.set(i, arena.directBuffer(256)); // pops: no dead slot lies in between
      }
    }
    for (int i = 0; i < 100; i++) {
      if (i % 4 != 0) {
        buffers.get(i).release();
      }
    }
    Replay replay = new Replay(arena, recording).verify();
    for (int i = 0; i < 40; i++) {
      buffers.add(arena.directBuffer(256));
      replay.verify();
    }
    assertThat(replay.count(Kind.SWEEP)).isPositive();
    assertThat(recording.eventsSince(0))
        .filteredOn(event -> event.kind() == Kind.SWEEP && event.length() > 0)
        .isNotEmpty()
        .allSatisfy(event -> assertThat(event.length()).isGreaterThanOrEqualTo(256));
    buffers.stream().filter(buffer -> buffer.refCnt() > 0).forEach(ByteBuf::release);
    replay.verify();
    assertThat(replay.living()).isEmpty();
  }

  @Test
  void aBlockThatGoesUpstreamIsTrimmedUnlessAnotherConnectionUsedIt() {
    EventRecording recording = arena.recordEvents(100);
    arena.directBuffer(100).release();
    arena.reset();
    arena.directBuffer(100).release();
    arena.reset();
    guard.allocator().trim();
    assertThat(kinds(recording))
        .containsExactly(
            Kind.LEASE,
            Kind.ALLOCATE,
            Kind.RELEASE,
            Kind.RESET,
            Kind.GIVE_BACK,
            Kind.LEASE, // the same block
            Kind.ALLOCATE,
            Kind.RELEASE,
            Kind.RESET,
            Kind.GIVE_BACK,
            Kind.TRIM);
    assertThat(recording.eventsSince(0))
        .filteredOn(event -> event.block() > 0)
        .extracting(ArenaEvent::block)
        .containsOnly(1);
    long before = recording.eventsSince(0).size();
    arena.directBuffer(100).release();
    arena.reset();
    ConnectionArena other = open(guard.allocator(), "another");
    other.directBuffer(100).release();
    other.close();
    guard.allocator().trim();
    assertThat(recording.eventsSince(before))
        .extracting(ArenaEvent::kind)
        .containsExactly(Kind.LEASE, Kind.ALLOCATE, Kind.RELEASE, Kind.RESET, Kind.GIVE_BACK);
  }

  @Test
  void anotherConnectionIsNotRecordedThoughItTakesTheSameArenas() {
    EventRecording recording = arena.recordEvents(100);
    arena.directBuffer(100).release();
    arena.reset();
    long before = recording.eventsSince(0).size();
    ConnectionArena other = open(guard.allocator(), "another");
    ByteBuf buffer = other.directBuffer(100);
    ByteBuf heap = other.heapBuffer(100);
    assertThat(recording.eventsSince(before)).isEmpty();
    buffer.release();
    heap.release();
    other.reset();
    arena.heapBuffer(10).release();
    assertThat(recording.eventsSince(before)).hasSize(3);
    other.close();
    assertThat(recording.isClosed()).isFalse();
  }

  @Test
  void resetsAfterWhichNothingHappensAreOne() {
    EventRecording recording = arena.recordEvents(100);
    for (int i = 0; i < 5; i++) {
      arena.reset();
    }
    assertThat(kinds(recording)).containsExactly(Kind.RESET);
  }

  @Test
  void theRingKeepsTheLatestAndSaysHowManyItDropped() {
    EventRecording recording = arena.recordEvents(4);
    arena.directBuffer(1).release();
    arena.directBuffer(1).release();
    assertThat(recording.dropped()).isOne();
    assertThat(recording.eventsSince(0))
        .extracting(ArenaEvent::sequence)
        .containsExactly(2L, 3L, 4L, 5L);
    arena.directBuffer(1).release();
    assertThat(recording.dropped()).as("those replaced now were read").isOne();
    assertThat(recording.eventsSince(5)).extracting(ArenaEvent::sequence).containsExactly(6L, 7L);
    assertThat(recording.eventsSince(6)).extracting(ArenaEvent::sequence).containsExactly(7L);
    assertThat(recording.eventsSince(7)).isEmpty();
    assertThat(recording.eventsSince(Long.MAX_VALUE)).isEmpty();
    for (int i = 0; i < 100; i++) {
      arena.directBuffer(1).release();
    }
    assertThat(recording.dropped()).isEqualTo(1 + 200 - 4);
  }

  @Test
  void afterItsEndTheFastPathServesAgain() {
    EventRecording recording = arena.recordEvents(100);
    ByteBuf held = arena.directBuffer(100);
    arena.heapBuffer(100).release();
    recording.close();
    recording.close();
    assertThat(recording.isClosed()).isTrue();
    assertThat(isAnyRecorded()).isFalse();
    guard.checkInvariants(); // one is that each block has its owner
    long last = recording.eventsSince(0).size();
    held.release();
    arena.reset();
    assertThat(recording.eventsSince(last)).isEmpty();
    EventRecording next = arena.recordEvents(100);
    arena.directBuffer(7).release();
    assertThat(kinds(next)).containsExactly(Kind.LEASE, Kind.ALLOCATE, Kind.RELEASE);
  }

  private boolean isAnyRecorded() {
    boolean[] found = new boolean[1];
    Pools.forEach(guard.allocator(), pool -> found[0] |= HeldRanges.isRecorded(pool));
    return found[0];
  }

  @Test
  void itEndsWithItsArenaWhoseIdleBlocksForgetIt() {
    EventRecording recording = arena.recordEvents(100);
    ByteBuf survivor = arena.directBuffer(100);
    ByteBuf heap = arena.heapBuffer(100);
    heap.release();
    assertThat(isAnyRecorded()).isTrue();
    arena.close();
    assertThat(recording.isClosed()).isTrue();
    assertThat(kinds(recording)).endsWith(Kind.RELEASE, Kind.RESET, Kind.STRAGGLE, Kind.GIVE_BACK);
    assertThat(isAnyRecorded()).isFalse();
    guard.checkInvariants();
    survivor.release();
    assertThatThrownBy(() -> arena.recordEvents(100))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("recordEvents: arena of a connection, closed: true (expected: open)");
  }

  @Test
  void anIdleConnectionsRecordingLeavesNothingBehindWhenItsArenasServeAnother() {
    EventRecording recording = arena.recordEvents(100);
    arena.directBuffer(100).release();
    arena.reset();
    ConnectionArena other = open(guard.allocator(), "another");
    ByteBuf large = other.directBuffer(100_000); // takes the arenas, and leaves the small block
    recording.close();
    assertThat(isAnyRecorded()).isFalse();
    large.release();
    other.close();
  }

  @Test
  void childrenAreNotRecorded() {
    EventRecording recording = arena.recordEvents(100);
    ConnectionArena child = arena.newChild();
    child.directBuffer(100).release();
    EventRecording ofChild = child.recordEvents(100);
    child.close();
    assertThat(ofChild.isClosed()).isTrue();
    assertThat(recording.eventsSince(0)).isEmpty();
  }

  @Test
  void badCallsAreRefused() {
    EventRecording recording = arena.recordEvents(1 << 20);
    assertThatThrownBy(() -> arena.recordEvents(10))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "recordEvents: arena of a connection, recorded: true (expected: its recording closed)");
    recording.close();
    for (int capacity : new int[] {0, -1, (1 << 20) + 1}) {
      assertThatThrownBy(() -> arena.recordEvents(capacity))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("capacity: " + capacity + " (expected: 1 to 1048576)");
    }
    assertThatThrownBy(() -> recording.eventsSince(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("sequence: -1 (expected: >= 0)");
  }

  @Test
  void kindsAreThoseOfTheRecorder() {
    assertThat(Arrays.stream(Kind.values()).map(Kind::name))
        .containsExactlyElementsOf(
            Arrays.stream(ArenaRecorder.Kind.values()).map(ArenaRecorder.Kind::name).toList());
  }

  /** The same random steps with and without a recording: every buffer lies at the same offset. */
  @ParameterizedTest
  @EnumSource(
      value = Checks.class,
      names = {"OFF", "FULL"})
  void buffersLieWhereTheyWouldWithoutIt(Checks checks) {
    for (long seed = 1; seed <= 20; seed++) {
      assertThat(places(checks, seed, true))
          .as("seed %d", seed)
          .isEqualTo(places(checks, seed, false));
    }
  }

  private List<Long> places(Checks checks, long seed, boolean recorded) {
    ArenaByteBufAllocator allocator =
        guard.another(
            ArenaByteBufAllocator.builder()
                .minBlockSize(1024)
                .trimInterval(Duration.ZERO)
                .checks(checks));
    ConnectionArena used = open(allocator, "connection " + seed);
    if (recorded) {
      used.recordEvents(1000);
    }
    List<Long> places = places(used, new SplittableRandom(seed));
    used.close();
    return places;
  }

  private static List<Long> places(ConnectionArena used, SplittableRandom random) {
    List<Long> places = new ArrayList<>();
    List<ByteBuf> living = new ArrayList<>();
    for (int step = 0; step < 500; step++) {
      int what = random.nextInt(16);
      if (what < 8 || living.isEmpty()) {
        ByteBuf buffer = used.heapBuffer(random.nextInt(400));
        living.add(buffer);
        places.add((long) buffer.arrayOffset());
      } else if (what < 10) {
        ByteBuf buffer = living.get(random.nextInt(living.size()));
        buffer.capacity(random.nextInt(800));
        places.add((long) buffer.arrayOffset());
      } else if (what < 15) {
        living.remove(random.nextInt(living.size())).release();
      } else {
        used.reset();
      }
      places.add(used.metric().chargedBytes());
    }
    living.forEach(ByteBuf::release);
    return places;
  }
}
