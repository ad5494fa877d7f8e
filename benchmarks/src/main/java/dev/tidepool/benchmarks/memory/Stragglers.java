package dev.tidepool.benchmarks.memory;

import static dev.tidepool.benchmarks.AllocatorUnderTest.ADAPTIVE;

import dev.tidepool.benchmarks.Figures;
import dev.tidepool.benchmarks.SizeMix;
import dev.tidepool.benchmarks.Subject;
import dev.tidepool.benchmarks.Suite;
import dev.tidepool.benchmarks.Target;
import dev.tidepool.benchmarks.memory.Loops.Connections;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.annotations.Param;

/** How much is held for each byte that is alive, where few buffers are kept among many that die. */
@Suite(
    title = "Stragglers",
    operation = "One buffer in every hundred kept for good; cumulations, all kept.",
    quick = {"connections=16", "atRandom=false", "requests=20000", "kib=128"})
@Target(where = " connections, ", figure = Stragglers.PER_BYTE_ALIVE, atMost = 2)
@Target(where = "1,000 connections", figure = Stragglers.PER_BYTE_ALIVE, atMost = 1.5)
@Target(where = " connections, ", figure = Stragglers.PER_BYTE_ALIVE, atMost = 1, than = ADAPTIVE)
@Target(where = "cumulations", figure = Stragglers.PER_BYTE_ALIVE, atMost = 1.1)
public final class Stragglers {
  static final String PER_BYTE_ALIVE = "upstream bytes held per byte alive";

  private Stragglers() {}

  private static void report(String situation, Subject subject, long alive) {
    double ratio = (double) subject.heldBytes() / alive;
    Figures.add(situation, PER_BYTE_ALIVE, Figures.RATIO, ratio);
  }

  /** A long run of requests, in which one buffer of every hundred is kept for good. */
  public static class Kept extends MemoryBenchmark {
    private static final int BUFFERS_A_REQUEST = 32;
    private static final int KEPT_OF = 100;
    private static final int SIZES = 1 << 16;

    @Param({"16", "1000"})
    public int connections;

    @Param("100000")
    public int requests;

    /**
     * Whether each buffer is kept with the same probability; else every hundredth that an event
     * loop allocates, and as connections take turns, some keep one of every request, others none.
     */
    @Param({"false", "true"})
    public boolean atRandom;

    @Override
    void measure() throws InterruptedException {
      try (Loops loops = new Loops()) {
        Connections open = loops.open(subject, connections);
        start();
        List<Keeper> keepers = new ArrayList<>();
        AtomicLong alive = new AtomicLong();
        for (int i = 0; i < Loops.COUNT; i++) {
          keepers.add(new Keeper(i, alive, atRandom));
        }
        serve(open, keepers);
        report(situation("in the run"), subject, alive.get());
        rest(2);
        String atRest = situation("at rest");
        report(atRest, subject, alive.get());
        Figures.add(atRest, "bytes alive", Figures.BYTES, alive.get());
        addHeld(atRest);
      }
    }

    private void serve(Connections open, List<Keeper> keepers) throws InterruptedException {
      for (int i = 0; i < Math.max(1, requests / connections); i++) {
        open.onEach(
            (allocator, connection) -> keepers.get(connection % Loops.COUNT).serve(allocator));
      }
    }

    private String situation(String when) {
      return "%,d connections%s, %s"
          .formatted(connections, atRandom ? " that keep at random" : "", when);
    }

    /** Serves requests and keeps some of their buffers; of one event loop. */
    private static final class Keeper {
      private final int[] sizes;
      private final AtomicLong alive;
      private final ByteBuf[] request = new ByteBuf[BUFFERS_A_REQUEST];
      private final List<ByteBuf> kept = new ArrayList<>();
      private final boolean atRandom;
      private final Random random;
      private int allocated;
      private int seen;

      Keeper(long seed, AtomicLong alive, boolean atRandom) {
        this.atRandom = atRandom;
        this.random = new Random(seed);
        this.sizes = SizeMix.SOCKET_PROXY.draw(SIZES, seed);
        this.alive = alive;
      }

      void serve(ByteBufAllocator allocator) {
        for (int i = 0; i < BUFFERS_A_REQUEST; i++) {
          request[i] = allocator.directBuffer(sizes[allocated++ & (SIZES - 1)]);
        }
        for (ByteBuf each : request) {
          keepOrRelease(each);
        }
        Subject.endRequest(allocator);
      }

      private boolean isKept() {
        return atRandom ? random.nextInt(KEPT_OF) == 0 : ++seen % KEPT_OF == 0;
      }

      private void keepOrRelease(ByteBuf buffer) {
        if (isKept()) {
          kept.add(buffer);
          alive.addAndGet(buffer.capacity());
        } else {
          buffer.release();
        }
      }
    }
  }

  /**
   * What a decoder does with a body that comes in frames: a read is copied into a new cumulation,
   * which is kept, and dies.
   */
  public static class Cumulations extends MemoryBenchmark {
    private static final int COUNT = 320;
    private static final int READ_BYTES = 64 * 1024;

    @Param({"128", "64"})
    public int kib;

    @Override
    void measure() throws InterruptedException {
      try (Loops loops = new Loops(1)) {
        ByteBufAllocator connection = subject.openConnection(loops.loop(0));
        start();
        List<ByteBuf> kept = new ArrayList<>();
        loops.onEach(loop -> keep(connection, kept));
        String situation = "%d cumulations of %d KiB kept".formatted(COUNT, kib);
        reportAll(situation);
        rest(2);
        reportAll(situation + ", at rest");
        loops.onEach(loop -> kept.forEach(ByteBuf::release)); // until here they are alive
      }
    }

    private void keep(ByteBufAllocator connection, List<ByteBuf> kept) {
      for (int i = 0; i < COUNT; i++) {
        ByteBuf in = connection.directBuffer(READ_BYTES).writeZero(READ_BYTES);
        ByteBuf cumulation = connection.directBuffer(kib * 1024).writeBytes(in);
        kept.add(cumulation.writeZero(cumulation.writableBytes()));
        in.release();
      }
    }

    private void reportAll(String situation) {
      long alive = (long) COUNT * kib * 1024;
      report(situation, subject, alive);
      addHeld(situation);
      double rise = ProcessMemory.resident() - residentBefore;
      Figures.add(situation, Figures.RSS_RISE + " per byte alive", Figures.RATIO, rise / alive);
    }
  }
}
