package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Flight Recorder's events, each with its figures, on the thread of an event loop. */
class FlightEventsTest {
  private static final int BLOCK = 4096;

  @RegisterExtension static final OnEventLoop loop = new OnEventLoop();
  @RegisterExtension private final CapturedLog log = new CapturedLog();

  @RegisterExtension
  private final UpstreamGuard guard =
      UpstreamGuard.of(
          ArenaByteBufAllocator.builder().minBlockSize(BLOCK).trimInterval(Duration.ZERO));

  private final ArenaByteBufAllocator allocator = guard.allocator();
  private final ConnectionArena arena = allocator.newConnectionArena(loop.loop(), "connection 7");

  @AfterEach
  void closeArena() {
    arena.close();
  }

  private static boolean hasFullChecks() {
    return UpstreamGuard.checks(Checks.OFF) == Checks.FULL;
  }

  // Blocks

  @Test
  void blocksComeFromUpstream() {
    List<ByteBuf> buffers = new ArrayList<>();
    List<RecordedEvent> events =
        FlightRecording.of(
            "AllocateBlock",
            () -> {
              buffers.add(arena.directBuffer(100));
              buffers.add(arena.heapBuffer(100));
              buffers.add(allocator.directBuffer(8 << 20)); // above every class
            });
    assertThat(events).hasSize(3);
    assertThat(sum(events, true)).isEqualTo(allocator.metric().usedDirectMemory());
    assertThat(sum(events, false)).isEqualTo(allocator.metric().usedHeapMemory());
    assertThat(events)
        .extracting(event -> event.getBoolean("pooled"))
        .containsExactly(true, true, false);
    assertThat(events).extracting(event -> event.getBoolean("threadLocal")).containsOnly(true);
    assertThat(events.get(0).getLong("address")).isEqualTo(addressOf(buffers.get(0)));
    assertThat(events.get(1).getLong("address")).isZero();
    assertThat(events.get(0).getStackTrace()).isNotNull();
    buffers.forEach(ByteBuf::release);
  }

  private static long addressOf(ByteBuf buffer) {
    return buffer.hasMemoryAddress() ? buffer.memoryAddress() : 0;
  }

  private static long sum(List<RecordedEvent> events, boolean direct) {
    return events.stream()
        .filter(event -> event.getBoolean("direct") == direct)
        .mapToLong(event -> event.getInt("capacity"))
        .sum();
  }

  @Test
  void blocksGoBackUpstream() {
    ByteBuf buffer = arena.directBuffer(100);
    long address = addressOf(buffer);
    long held = allocator.metric().usedDirectMemory();
    buffer.release();
    arena.reset();
    List<RecordedEvent> events = FlightRecording.of("FreeBlock", allocator::trim);
    assertThat(events).hasSize(1);
    assertThat(sum(events, true)).isEqualTo(held);
    assertThat(events.get(0).getLong("address")).isEqualTo(address);
    assertThat(events.get(0).getBoolean("pooled")).isTrue();
  }

  // Buffers

  /** The first in a block, and the first in each slot, are; then the fast path serves. */
  @Test
  void buffersOfTheSlowPathAreToldOthersNot() {
    List<RecordedEvent> first = FlightRecording.of("AllocateBuffer", () -> request(5));
    assertThat(first).hasSize(5);
    RecordedEvent buffer = first.get(0);
    assertThat(buffer.getInt("size")).isEqualTo(100);
    assertThat(buffer.getInt("maxFastCapacity")).isEqualTo(112);
    assertThat(buffer.getInt("maxCapacity")).isEqualTo(200);
    assertThat(buffer.getBoolean("direct")).isTrue();
    List<RecordedEvent> second = FlightRecording.of("AllocateBuffer", () -> request(5));
    assertThat(second).as("one leases the block again").hasSize(hasFullChecks() ? 5 : 1);
  }

  private void request(int buffers) {
    List<ByteBuf> living = new ArrayList<>();
    for (int i = 0; i < buffers; i++) {
      living.add(arena.directBuffer(100, 200));
    }
    living.forEach(ByteBuf::release);
    arena.reset();
  }

  @Test
  void releasesOnOtherThreadsAreToldOthersNot() {
    ByteBuf own = arena.directBuffer(100);
    ByteBuf passedOn = arena.directBuffer(300);
    long address = addressOf(passedOn);
    List<RecordedEvent> events =
        FlightRecording.of(
            "FreeBuffer",
            () -> {
              Thread other = new Thread(passedOn::release, "another thread");
              other.start();
              other.join();
              arena.reset();
              own.release();
            });
    assertThat(events).hasSize(hasFullChecks() ? 2 : 1);
    assertThat(events.get(0).getInt("size")).isEqualTo(300);
    assertThat(events.get(0).getLong("address")).isEqualTo(address);
  }

  @Test
  void changesOfCapacityAreTold() {
    ByteBuf buffer = arena.directBuffer(100);
    ByteBuf above = arena.directBuffer(100);
    List<RecordedEvent> events =
        FlightRecording.of(
            "ReallocateBuffer", () -> buffer.capacity(1000).capacity(1000).capacity(10));
    assertThat(events).extracting(event -> event.getInt("size")).containsExactly(100, 1000);
    assertThat(events).extracting(event -> event.getInt("newCapacity")).containsExactly(1000, 10);
    buffer.release();
    above.release();
  }

  // Requests

  @Test
  void aResetIsToldWithItsFigures() {
    List<ByteBuf> living = new ArrayList<>();
    List<RecordedEvent> events =
        FlightRecording.of(
            "ArenaReset",
            () -> {
              living.add(arena.directBuffer(100));
              arena.directBuffer(200).release();
              arena.reset();
              arena.heapBuffer(16).release();
              arena.close();
            });
    assertThat(events)
        .extracting(event -> event.getString("connection"))
        .containsOnly("connection 7");
    assertThat(events).extracting(event -> event.getInt("request")).containsExactly(1, 2);
    assertThat(events).extracting(event -> event.getLong("allocated")).containsExactly(320L, 16L);
    assertThat(events).extracting(event -> event.getInt("blocks")).containsOnly(1);
    assertThat(events).extracting(event -> event.getLong("held")).containsOnly((long) BLOCK);
    assertThat(events).extracting(event -> event.getInt("stragglers")).containsOnly(1);
    assertThat(events).extracting(event -> event.getBoolean("closed")).containsExactly(false, true);
    assertThat(events).allMatch(event -> !event.getDuration().isNegative());
    living.forEach(ByteBuf::release);
  }

  @Test
  void whatIsNotEnabledIsNotTold() {
    assertThat(FlightRecording.of("BufferLeak", () -> request(3))).isEmpty();
    try (jdk.jfr.Recording usual = new jdk.jfr.Recording()) {
      usual.start();
      request(3);
      usual.stop();
      assertThat(usual.getSize()).isPositive();
    }
    assertThat(dev.tidepool.allocator.jfr.FlightEvents.beginReset()).isNull();
  }

  /** A stream of events, as a monitoring program in the same process would have it. */
  @Test
  void aStreamIsToldWhileItHappens() throws Exception {
    BlockingQueue<RecordedEvent> seen = new LinkedBlockingQueue<>();
    try (RecordingStream stream = new RecordingStream()) {
      stream.setReuse(false);
      stream.enable("dev.tidepool.ArenaReset");
      stream.onEvent("dev.tidepool.ArenaReset", seen::add);
      stream.startAsync();
      request(1);
      RecordedEvent reset = seen.poll(10, TimeUnit.SECONDS);
      assertThat(reset).isNotNull();
      assertThat(reset.getLong("allocated")).isEqualTo(112);
    }
  }

  // Budgets

  @Test
  void aRefusalIsToldWhereItIsThrown() {
    ArenaByteBufAllocator budgeted =
        guard.another(ArenaByteBufAllocator.builder().minBlockSize(BLOCK).hardBudget(4 * BLOCK));
    ConnectionArena small = budgeted.newConnectionArena(loop.loop(), "a small connection");
    ByteBuf held = small.directBuffer(100);
    List<RecordedEvent> events =
        FlightRecording.of(
            "BudgetRefusal",
            () ->
                assertThatThrownBy(() -> small.directBuffer(4 * BLOCK))
                    .isInstanceOf(ArenaBudgetExceededException.class));
    assertThat(events).hasSize(1);
    RecordedEvent refusal = events.get(0);
    assertThat(refusal.getString("connection")).isEqualTo("a small connection");
    assertThat(refusal.getLong("asked")).isEqualTo(4 * BLOCK);
    assertThat(refusal.getLong("held")).isEqualTo(BLOCK);
    assertThat(refusal.getLong("budget")).isEqualTo(4 * BLOCK);
    assertThat(refusal.getStackTrace().getFrames())
        .anyMatch(frame -> frame.getMethod().getType().getName().equals(getClass().getName()));
    held.release();
    small.close();
  }

  @Test
  void aRefusalOfTheGlobalBudgetIsToldToo() {
    ArenaByteBufAllocator budgeted =
        guard.another(ArenaByteBufAllocator.builder().minBlockSize(BLOCK).globalBudget(4 * BLOCK));
    List<RecordedEvent> events =
        FlightRecording.of(
            "BudgetRefusal",
            () ->
                assertThatThrownBy(() -> budgeted.directBuffer(8 * BLOCK))
                    .isInstanceOf(ArenaBudgetExceededException.class));
    assertThat(events).extracting(event -> event.getLong("budget")).containsExactly(4L * BLOCK);
  }

  @Test
  void aPauseIsToldWhenItEnds() {
    ArenaByteBufAllocator budgeted =
        guard.another(ArenaByteBufAllocator.builder().minBlockSize(BLOCK).softBudget(2 * BLOCK));
    EmbeddedChannel channel =
        new EmbeddedChannel(new ArenaLifecycleHandler(budgeted), new Passive());
    List<RecordedEvent> events =
        FlightRecording.of(
            "ReadPause",
            () -> {
              ByteBuf large = channel.alloc().buffer(3 * BLOCK);
              channel.runPendingTasks();
              assertThat(channel.config().isAutoRead()).isFalse();
              large.release();
              channel.runPendingTasks();
              assertThat(channel.config().isAutoRead()).isTrue();
            });
    assertThat(events).hasSize(1);
    assertThat(events.get(0).getString("channel")).isEqualTo(channel.toString());
    assertThat(events.get(0).getBoolean("streamWindow")).isFalse();
    assertThat(events.get(0).getDuration()).isPositive();
    channel.finishAndReleaseAll();
    guard.trim();
  }

  private static final class Passive extends ChannelInboundHandlerAdapter {
    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      // reads nothing by itself
    }
  }

  // Leaks

  @Test
  void leaksAreToldWithTheirStacks() {
    ArenaByteBufAllocator recorded =
        guard.another(
            ArenaByteBufAllocator.builder()
                .leakGrace(Duration.ofMillis(1))
                .recording(Recording.ALL));
    EmbeddedChannel channel = new EmbeddedChannel();
    ConnectionArena leaking = recorded.newConnectionArena(channel.eventLoop(), "a leaking one");
    List<ByteBuf> leaked = new ArrayList<>();
    List<RecordedEvent> events =
        FlightRecording.of(
            "BufferLeak",
            () -> {
              leaked.add(leaking.directBuffer(256).touch("kept for later"));
              leaking.close();
              TestThreads.await(
                  "the report",
                  () -> {
                    channel.runPendingTasks();
                    return recorded.metric().leaks() == 1;
                  });
            });
    assertThat(events).hasSize(1);
    RecordedEvent leak = events.get(0);
    assertThat(leak.getString("connection")).isEqualTo("a leaking one");
    assertThat(leak.getInt("request")).isEqualTo(1);
    assertThat(leak.getInt("capacity")).isEqualTo(256);
    assertThat(leak.getBoolean("direct")).isTrue();
    assertThat(leak.getDuration("age")).isBetween(Duration.ofMillis(1), Duration.ofSeconds(60));
    assertThat(leak.getString("allocatedAt")).contains(getClass().getName());
    assertThat(leak.getString("lastTouchedAt")).contains("kept for later");
    leaked.forEach(ByteBuf::release);
    channel.finishAndReleaseAll();
  }

  @Test
  void forgottenHoldsAreTold() {
    ArenaByteBufAllocator quick =
        guard.another(ArenaByteBufAllocator.builder().leakGrace(Duration.ofMillis(1)));
    EmbeddedChannel channel = new EmbeddedChannel();
    ConnectionArena held = quick.newConnectionArena(channel.eventLoop(), "a held one");
    List<RecordedEvent> events =
        FlightRecording.of(
            "ForgottenHold",
            () -> {
              held.hold();
              held.close();
              TestThreads.await(
                  "the report",
                  () -> {
                    channel.runPendingTasks();
                    return quick.metric().leaks() == 1;
                  });
            });
    assertThat(events).hasSize(1);
    assertThat(events.get(0).getString("connection")).isEqualTo("a held one");
    assertThat(events.get(0).getInt("request")).isEqualTo(1);
    assertThat(events.get(0).getDuration("age")).isPositive();
    assertThat(events.get(0).getString("takenAt")).isNull();
    channel.finishAndReleaseAll();
  }

  @Test
  void theMeasurementSeesNothingTwice() {
    assertThat(Stream.of(1, 2))
        .allSatisfy(
            any -> assertThat(FlightRecording.of("ArenaReset", () -> request(1))).hasSize(1));
  }
}
