package dev.tidepool.benchmarks.memory;

import static dev.tidepool.benchmarks.memory.Subject.TRIM_INTERVAL;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;

/**
 * What a decoder does with a body that comes in frames: a read is copied into a new cumulation,
 * which is kept, and dies. How much is held for each byte that is kept?
 */
record KeptCumulations(int bytes) implements Scenario {
  private static final int COUNT = 320;
  private static final int READ_BYTES = 64 * 1024;

  @Override
  public void run(Subject subject, Figures figures) throws InterruptedException {
    try (Loops loops = new Loops(1)) {
      ByteBufAllocator connection = subject.openConnection(loops.loop(0));
      long residentBefore = ProcessMemory.resident();
      List<ByteBuf> kept = new ArrayList<>();
      loops.onEach(loop -> keep(connection, kept));
      String situation = "%d cumulations of %d KiB kept".formatted(COUNT, bytes / 1024);
      report(situation, subject, residentBefore, figures);
      Thread.sleep(TRIM_INTERVAL.multipliedBy(2).toMillis());
      report(situation + ", at rest", subject, residentBefore, figures);
      loops.onEach(loop -> kept.forEach(ByteBuf::release)); // until here they are alive
    }
  }

  private void keep(ByteBufAllocator connection, List<ByteBuf> kept) {
    for (int i = 0; i < COUNT; i++) {
      ByteBuf in = connection.directBuffer(READ_BYTES).writeZero(READ_BYTES);
      ByteBuf cumulation = connection.directBuffer(bytes).writeBytes(in);
      kept.add(cumulation.writeZero(cumulation.writableBytes()));
      in.release();
    }
  }

  private void report(String situation, Subject subject, long residentBefore, Figures figures) {
    double alive = (double) COUNT * bytes;
    double ratio = subject.heldBytes() / alive;
    figures.add(situation, Stragglers.PER_BYTE_ALIVE, Figures.RATIO, ratio);
    figures.addHeld(situation, subject, residentBefore);
    double rise = ProcessMemory.resident() - residentBefore;
    figures.add(situation, Figures.RSS_RISE + " per byte alive", Figures.RATIO, rise / alive);
  }
}
