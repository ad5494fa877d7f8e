package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.ArenaEvent.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The recording of a connection that several threads use while others read what was recorded. */
class EventRecordingElsewhereTest {
  private static final long SEED = Long.getLong("tidepool.seed", 20_26);

  @RegisterExtension private final UpstreamGuard guard = UpstreamGuard.of(Checks.OFF);

  private final EventLoopGroup group = EventLoops.nio(1);
  private final EventLoop loop = group.next();
  private final ExecutorService others = Executors.newFixedThreadPool(3);
  private ConnectionArena arena = guard.allocator().newConnectionArena(loop, "the connection");

  @AfterEach
  void end() {
    arena.close();
    others.shutdown();
    TestThreads.end(group);
  }

  private static List<Kind> kinds(EventRecording recording) {
    return recording.eventsSince(0).stream().map(ArenaEvent::kind).toList();
  }

  @Test
  void aReleaseElsewhereIsNotedWhenTheEventLoopLooks() {
    EventRecording recording = arena.recordEvents(100);
    ByteBuf buffer = TestThreads.call(loop, () -> arena.directBuffer(100));
    buffer.release();
    TestThreads.run(loop, arena::reset);
    assertThat(kinds(recording))
        .as("the loop is woken or resets")
        .startsWith(Kind.LEASE, Kind.ALLOCATE)
        .contains(Kind.RELEASE, Kind.RESET)
        .endsWith(Kind.GIVE_BACK)
        .hasSize(5);
    String name = TestThreads.call(loop, () -> Thread.currentThread().getName());
    assertThat(recording.eventsSince(0)).extracting(ArenaEvent::thread).containsOnly(name);
  }

  /** Its memory is held until the event loop looks, which is after the begin. */
  @Test
  void aBufferReleasedElsewhereBeforeTheBeginIsHeldUntilTheEventLoopLooks() {
    TestThreads.run(
        loop,
        () -> {
          ByteBuf buffer = arena.directBuffer(100);
          others.submit(() -> buffer.release()).get();
          Replay replay = new Replay(arena, arena.recordEvents(100)).verify();
          assertThat(replay.living()).containsExactly(1);
          arena.reset();
          assertThat(replay.verify().living()).isEmpty();
        });
  }

  @Test
  void whatAnotherThreadAllocatesIsRecordedWithItsName() {
    ByteBuf before = arena.directBuffer(100);
    EventRecording recording = arena.recordEvents(100);
    TestThreads.run(loop, () -> {});
    ByteBuf buffer = arena.heapBuffer(100);
    assertThat(recording.eventsSince(0)).hasSize(4);
    assertThat(recording.eventsSince(0).get(3).thread())
        .isEqualTo(Thread.currentThread().getName());
    assertThat(recording.eventsSince(0).get(3).direct()).isFalse();
    before.release();
    buffer.release();
    recording.close();
    TestThreads.run(loop, () -> {});
    arena.directBuffer(1).release();
    assertThat(kinds(recording)).doesNotContain(Kind.GIVE_BACK);
  }

  @Test
  void aBufferThatGrowsElsewhereHasTwoRanges() {
    EventRecording recording = arena.recordEvents(100);
    ByteBuf buffer = TestThreads.call(loop, () -> arena.directBuffer(100));
    buffer.capacity(50);
    buffer.capacity(5000);
    Replay replay = new Replay(arena, recording);
    TestThreads.run(loop, replay::verify);
    assertThat(replay.living()).containsExactlyInAnyOrder(1, 2);
    buffer.release();
    TestThreads.run(loop, arena::reset);
    TestThreads.run(loop, guard.allocator()::trim);
    TestThreads.run(loop, replay::verify);
    assertThat(replay.living()).isEmpty();
    assertThat(kinds(recording)).contains(Kind.GROW);
  }

  @Test
  void aRecordingOfAnEndedLoopEnds() {
    EventRecording recording = arena.recordEvents(100);
    ByteBuf buffer = TestThreads.call(loop, () -> arena.directBuffer(100));
    TestThreads.end(group);
    buffer.release();
    assertThat(new Replay(arena, recording).verify().blocks()).isZero();
    recording.close();
    arena.close();
  }

  @Test
  void itEndsWhenTheConnectionMoves() {
    EventLoopGroup elsewhere = EventLoops.nio(1);
    EventRecording recording = arena.recordEvents(100);
    ByteBuf buffer = TestThreads.call(loop, () -> arena.directBuffer(100));
    arena = arena.moveTo(elsewhere.next());
    TestThreads.run(loop, () -> {});
    assertThat(recording.isClosed()).isTrue();
    assertThat(kinds(recording)).endsWith(Kind.RESET, Kind.STRAGGLE);
    buffer.release();
    EventRecording next = arena.recordEvents(100);
    TestThreads.run(elsewhere.next(), () -> arena.directBuffer(1).release());
    assertThat(kinds(next)).containsExactly(Kind.LEASE, Kind.ALLOCATE, Kind.RELEASE);
    TestThreads.run(elsewhere.next(), arena::close);
    TestThreads.end(elsewhere);
  }

  /**
   * The event loop allocates, passes on, grows and resets; another thread allocates and releases; a
   * third begins and ends recordings; a fourth reads them. Every read is in order, and at the end
   * what was recorded is what is held.
   */
  @ParameterizedTest
  @EnumSource(
      value = Checks.class,
      names = {"OFF", "FULL"})
  void threadsMeet(Checks checks) throws Exception {
    ArenaByteBufAllocator allocator =
        guard.another(
            ArenaByteBufAllocator.builder()
                .minBlockSize(1024)
                .maxBlockSize(4096)
                .trimInterval(Duration.ZERO) // nothing is given back while it is compared
                .checks(checks));
    Meeting meeting = new Meeting(allocator.newConnectionArena(loop, "met, seed " + SEED));
    try {
      meeting.run();
    } catch (Throwable e) {
      throw new AssertionError("-Dtidepool.seed=" + SEED, e);
    }
  }

  private final class Meeting {
    private static final int ROUNDS = 300;
    private static final int STEPS = 60;

    private final ConnectionArena met;
    private final BlockingQueue<ByteBuf> passed = new ArrayBlockingQueue<>(64);
    private final AtomicBoolean over = new AtomicBoolean();
    private final List<ByteBuf> kept = new ArrayList<>();
    private volatile EventRecording recording;

    Meeting(ConnectionArena met) {
      this.met = met;
      this.recording = met.recordEvents(64);
    }

    void run() throws Exception {
      SplittableRandom seeds = new SplittableRandom(SEED);
      List<Future<Void>> running =
          List.of(submit(this::read), submit(this::restart), work(seeds.split()));
      SplittableRandom random = seeds.split();
      for (int round = 0; round < ROUNDS; round++) {
        TestThreads.run(loop, () -> onLoop(random));
      }
      over.set(true);
      for (Future<Void> each : running) {
        each.get();
      }
      compare();
      passed.forEach(ByteBuf::release);
      met.close();
      TestThreads.run(loop, () -> kept.forEach(ByteBuf::release));
    }

    private Future<Void> submit(Callable<Void> task) {
      return others.submit(task);
    }

    private void onLoop(SplittableRandom random) {
      for (int step = 0; step < STEPS; step++) {
        ByteBuf buffer = met.directBuffer(random.nextInt(300));
        switch (random.nextInt(6)) {
          case 0 -> kept.add(buffer);
          case 1 -> passOn(buffer);
          case 2 -> buffer.capacity(random.nextInt(2000)).release();
          default -> buffer.release();
        }
        if (kept.size() > 20) {
          kept.remove(random.nextInt(kept.size())).release();
        }
      }
      met.reset();
    }

    private void passOn(ByteBuf buffer) {
      if (!passed.offer(buffer)) {
        buffer.release();
      }
    }

    private Future<Void> work(SplittableRandom random) {
      return submit(
          () -> {
            while (!over.get()) {
              ByteBuf buffer = passed.poll();
              if (buffer != null) {
                buffer.capacity(random.nextInt(600)).release();
              }
              met.heapBuffer(random.nextInt(300)).release();
            }
            return null;
          });
    }

    private Void read() {
      while (!over.get()) {
        EventRecording current = recording;
        long last = 0;
        for (int reads = 0; reads < 5; reads++) {
          for (ArenaEvent event : current.eventsSince(last)) {
            assertThat(event.sequence()).isGreaterThan(last);
            last = event.sequence();
          }
        }
      }
      return null;
    }

    private Void restart() {
      while (!over.get()) {
        recording.close();
        recording = met.recordEvents(64);
        TestThreads.run(loop, () -> {}); // or tasks would pile up
      }
      return null;
    }

    private void compare() {
      recording.close();
      Replay replay = new Replay(met, met.recordEvents(1 << 16));
      TestThreads.run(loop, replay::verify);
      TestThreads.run(loop, () -> onLoop(new SplittableRandom(SEED)));
      TestThreads.run(loop, replay::verify);
      assertThat(replay.count(Kind.STRAGGLE)).isPositive();
    }
  }
}
