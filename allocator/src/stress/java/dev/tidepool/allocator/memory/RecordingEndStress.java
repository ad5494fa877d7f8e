package dev.tidepool.allocator.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IZJ_Result;

@JCStressTest
@Description(
    "A recorded buffer that another thread grows and releases while the owner ends the recording"
        + " and allocates on the fast path dies once, and all memory goes back.")
@Outcome(
    id = "[2-4], true, 0",
    expect = ACCEPTABLE,
    desc = "The growth was noted, or the recording had ended.")
@Outcome(expect = FORBIDDEN, desc = "It died twice or never, or a memory was lost.")
@State
public class RecordingEndStress {
  private final StressPool tide = new StressPool();
  private final AtomicInteger events = new AtomicInteger();
  private final ArenaRecorder recorder = new ArenaRecorder(event -> events.incrementAndGet());
  private final ArenaByteBuf buffer;

  public RecordingEndStress() {
    tide.arena.recordIn(recorder);
    buffer = tide.allocate(16, 0);
    tide.leave();
  }

  @Actor
  public void owner() {
    tide.take();
    recorder.close();
    tide.arena.endRecording(recorder);
    tide.allocate(16, 1).release();
  }

  @Actor
  public void other(IZJ_Result result) {
    buffer.capacity(8);
    result.r2 = buffer.release();
  }

  @Arbiter
  public void end(IZJ_Result result) {
    tide.take();
    result.r3 = tide.lostAfterTrim();
    result.r1 = events.get();
  }
}
