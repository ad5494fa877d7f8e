package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.memory.ArenaByteBuf;
import io.netty.buffer.ByteBuf;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakHint;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The recording of where buffers were allocated and touched, without garbage collection. */
class RecordingTest {
  @RegisterExtension private final CapturedLog log = new CapturedLog();
  @RegisterExtension private final UpstreamGuard guard = UpstreamGuard.of(Checks.OFF);

  private final List<LeakReport> reports = new CopyOnWriteArrayList<>();
  private final EventExecutor loop = new DefaultEventExecutor();
  private final List<ByteBuf> forgotten = new ArrayList<>();
  private int line;

  @AfterEach
  void endLoop() {
    forgotten.forEach(ByteBuf::release);
    TestThreads.end(loop);
  }

  private ConnectionArena arena(Recording recording, Checks checks) {
    return guard
        .another(
            ArenaByteBufAllocator.builder()
                .trimInterval(Duration.ZERO)
                .leakGrace(Duration.ZERO)
                .recording(recording)
                .leakListener(reports::add)
                .checks(checks))
        .newConnectionArena(loop, "connection 7");
  }

  private LeakReport onlyReport(ConnectionArena of) {
    of.close();
    TestThreads.await("the report", () -> of.shared().metric().leaks() > 0);
    assertThat(reports).hasSize(1);
    return reports.get(0);
  }

  private ByteBuf forget(ConnectionArena from, boolean direct) {
    line = Lines.next();
    ByteBuf buffer = direct ? from.directBuffer(64) : from.heapBuffer(64);
    forgotten.add(buffer);
    return buffer;
  }

  // Where it was allocated

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aForgottenBufferIsReportedWithItsLineOfCode(boolean direct) {
    ConnectionArena arena = arena(Recording.ALL, Checks.OFF);
    TestThreads.run(loop, () -> forget(arena, direct).writeLong(1));

    LeakReport report = onlyReport(arena);

    assertThat(report.connection()).isEqualTo("connection 7");
    assertThat(report.request()).isEqualTo(1);
    assertThat(report.capacity()).isEqualTo(64);
    assertThat(report.buffer().readableBytes()).isEqualTo(8);
    assertThat(report.buffer().direct()).isEqualTo(direct);
    assertThat(report.age().isNegative()).isFalse();
    Lines.assertAt(report.allocatedAt(), RecordingTest.class, "forget", line);
    assertThat(report.allocatedAt().thread()).contains("defaultEventExecutor");
    assertThat(report.lastTouchedAt()).isNull();
    String where = "allocated at dev.tidepool.allocator.RecordingTest.forget(RecordingTest.java:";
    assertThat(log.lines(where + line + ")")).hasSize(1);
    assertThat(log.text()).doesNotContain("is told with");
  }

  @ParameterizedTest
  @EnumSource
  void anotherThreadsForgottenBufferIsReportedWithItsLine(Checks checks) {
    ConnectionArena arena = arena(Recording.ALL, checks);
    forget(arena, true);
    LeakReport report = onlyReport(arena);
    Lines.assertAt(report.allocatedAt(), RecordingTest.class, "forget", line);
    assertThat(report.allocatedAt().thread()).isEqualTo(Thread.currentThread().getName());
  }

  @ParameterizedTest
  @EnumSource
  void aBufferThatMovedAndGrewOnAnotherThreadIsReportedWithItsLine(Checks checks) {
    ConnectionArena arena = arena(Recording.ALL, checks);
    ByteBuf buffer =
        TestThreads.call(
            loop,
            () -> {
              ByteBuf moved = forget(arena, true);
              arena.directBuffer(10).release();
              ByteBuf between = arena.directBuffer(10);
              moved.capacity(5000);
              between.release();
              return moved;
            });
    buffer.capacity(100_000);
    LeakReport report = onlyReport(arena);
    assertThat(report.capacity()).isEqualTo(100_000);
    Lines.assertAt(report.allocatedAt(), RecordingTest.class, "forget", line);
  }

  @Test
  void aBufferThatNettyWatchesIsReportedWithItsLine() {
    ResourceLeakDetector.Level before = ResourceLeakDetector.getLevel();
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    try {
      ConnectionArena arena = arena(Recording.ALL, Checks.OFF);
      TestThreads.run(loop, () -> forget(arena, true));
      Lines.assertAt(onlyReport(arena).allocatedAt(), RecordingTest.class, "forget", line);
    } finally {
      ResourceLeakDetector.setLevel(before);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aReusedSlotHasTheHistoryOfItsLastBuffer(Checks checks) {
    ConnectionArena arena = arena(Recording.ALL, checks);
    TestThreads.run(
        loop,
        () -> {
          for (int i = 0; i < 5; i++) {
            arena.directBuffer(64).touch("of another").release();
          }
          forget(arena, true);
        });
    LeakReport report = onlyReport(arena);
    Lines.assertAt(report.allocatedAt(), RecordingTest.class, "forget", line);
    assertThat(report.lastTouchedAt()).isNull();
  }

  // Where it was last touched

  private void touch(ByteBuf buffer) {
    buffer.touch("first");
    line = Lines.next();
    buffer.touch((ResourceLeakHint) () -> "last");
  }

  @Test
  void theLastTouchIsReportedWithItsHint() {
    ConnectionArena arena = arena(Recording.ALL, Checks.OFF);
    TestThreads.run(loop, () -> touch(forget(arena, true)));
    LeakReport report = onlyReport(arena);
    Lines.assertAt(report.lastTouchedAt(), RecordingTest.class, "touch", line);
    assertThat(report.lastTouchedAt().hint()).isEqualTo("last");
    assertThat(log.lines("last touched at")).hasSize(1);
    assertThat(log.lines("hint: last")).hasSize(1);
  }

  @Test
  void touchesWithoutAHintOnAnotherThreadAndThroughASliceCountToo() {
    ConnectionArena arena = arena(Recording.ALL, Checks.OFF);
    ByteBuf buffer = TestThreads.call(loop, () -> forget(arena, false).touch("first"));
    line = Lines.next();
    buffer.slice(1, 10).duplicate().touch();
    LeakReport report = onlyReport(arena);
    assertThat(report.lastTouchedAt().hint()).isNull();
    assertThat(report.lastTouchedAt().line().getLineNumber()).isEqualTo(line);
    assertThat(report.lastTouchedAt().thread()).isEqualTo(Thread.currentThread().getName());
  }

  // How much is recorded

  @Test
  void withRecordingOffTheReportSaysHowToTurnItOn() {
    ConnectionArena arena = arena(Recording.OFF, Checks.OFF);
    TestThreads.run(loop, () -> touch(forget(arena, true)));
    LeakReport report = onlyReport(arena);
    assertThat(report.allocatedAt()).isNull();
    assertThat(report.lastTouchedAt()).isNull();
    assertThat(log.lines("by -Ddev.tidepool.recording=all")).hasSize(1);
  }

  private static ByteBuf one(ConnectionArena arena) {
    return arena.heapBuffer(1);
  }

  private static ByteBuf two(ConnectionArena arena) {
    return arena.heapBuffer(2);
  }

  /** Each sampled buffer has its own history, not one of its slot's earlier buffers. */
  @Test
  void withSamplingSomeBuffersAreRecorded() {
    ConnectionArena arena = arena(Recording.SAMPLED, Checks.OFF);
    TestThreads.run(
        loop,
        () -> {
          List<ByteBuf> before = new ArrayList<>();
          for (int i = 0; i < 4000; i++) {
            before.add(one(arena));
          }
          before.forEach(ByteBuf::release);
          for (int i = 0; i < 4000; i++) {
            forgotten.add(i % 2 == 0 ? two(arena) : one(arena));
          }
        });
    arena.close();
    TestThreads.await("the reports", () -> arena.shared().metric().leaks() == 4000);
    List<LeakReport> told = reports.stream().filter(r -> r.allocatedAt() != null).toList();
    assertThat(told).hasSizeBetween(1, 1000);
    assertThat(told)
        .allSatisfy(
            report ->
                assertThat(report.allocatedAt().line().getMethodName())
                    .isEqualTo(report.capacity() == 1 ? "one" : "two"));
  }

  @Test
  void aResetDropsTheHistories() {
    ConnectionArena arena = arena(Recording.ALL, Checks.OFF);
    TestThreads.run(
        loop,
        () -> {
          List<ByteBuf> buffers = new ArrayList<>();
          for (int i = 0; i < 100; i++) {
            buffers.add(arena.buffer(10));
          }
          assertThat(buffers).allMatch(buffer -> ((ArenaByteBuf) buffer).history() != null);
          buffers.forEach(ByteBuf::release);
          arena.reset();
          assertThat(buffers).allMatch(buffer -> ((ArenaByteBuf) buffer).history() == null);
          arena.close();
        });
  }
}
