package dev.tidepool.allocator;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A program in which everything happens that Flight Recorder is told of, but for a native trim. It
 * runs in a process of its own, with and without Flight Recorder.
 */
final class EventsProgram {
  private static final int BLOCK = 4096;

  private EventsProgram() {}

  public static void main(String[] args) throws InterruptedException {
    ArenaByteBufAllocator allocator =
        ArenaByteBufAllocator.builder()
            .minBlockSize(BLOCK)
            .softBudget(2 * BLOCK)
            .hardBudget(16 * BLOCK)
            .leakGrace(Duration.ofMillis(1))
            .recording(Recording.ALL)
            .build();
    EmbeddedChannel channel = new EmbeddedChannel(new ArenaLifecycleHandler(allocator));
    ConnectionArena arena = ArenaLifecycleHandler.arena(channel);
    pause(channel);
    refuse(arena);
    arena.buffer(100).capacity(200).release();
    ByteBuf leaked = arena.buffer(256);
    arena.hold();
    arena.reset();
    channel.finishAndReleaseAll();
    awaitReports(channel, allocator.metric());
    leaked.release();
    allocator.trim();
    boolean hasJfr = ModuleLayer.boot().findModule("jdk.jfr").isPresent();
    System.out.println("jdk.jfr: " + hasJfr + ", leaks: " + allocator.metric().leaks());
  }

  /** Waits for both reports, of the buffer and of the hold, at most ten seconds. */
  private static void awaitReports(EmbeddedChannel channel, ArenaAllocatorMetric metric)
      throws InterruptedException {
    for (int i = 0; i < 1000 && metric.leaks() < 2; i++) {
      channel.runPendingTasks();
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  private static void pause(EmbeddedChannel channel) {
    ByteBuf large = channel.alloc().buffer(3 * BLOCK);
    channel.runPendingTasks();
    large.release();
    channel.runPendingTasks();
  }

  private static void refuse(ConnectionArena arena) {
    try {
      arena.buffer(32 * BLOCK);
      throw new AssertionError("was not refused");
    } catch (ArenaBudgetExceededException e) {
      System.out.println("refused: " + e.asked());
    }
  }
}
