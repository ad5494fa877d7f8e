package dev.tidepool.benchmarks.memory;

import static dev.tidepool.benchmarks.AllocatorUnderTest.ADAPTIVE;

import dev.tidepool.allocator.ConnectionArena;
import dev.tidepool.benchmarks.EchoHandler;
import dev.tidepool.benchmarks.Figures;
import dev.tidepool.benchmarks.LoopbackServer;
import dev.tidepool.benchmarks.Subject;
import dev.tidepool.benchmarks.Suite;
import dev.tidepool.benchmarks.Target;
import dev.tidepool.benchmarks.memory.Loops.Connections;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jol.info.GraphLayout;

/** What connections hold that have nothing to do. */
@Suite(
    title = "Idle",
    operation = "What connections hold that have served requests and now have nothing to do.",
    quick = {"connections=1000", "sockets=500", "heapToo=false"})
@Target(where = "idle", figure = Idle.BLOCKS_LEASED, atMost = 0)
@Target(where = "idle", figure = Idle.PER_ARENA, atMost = 256)
@Target(where = "10,000 idle connections", figure = Figures.RSS_RISE, atMost = 1, than = ADAPTIVE)
public final class Idle {
  static final String BLOCKS_LEASED = "blocks leased";
  static final String PER_ARENA = "heap bytes per arena (JOL)";

  private static final int REQUESTS = 4;
  private static final int READ_BYTES = 2048;
  private static final int[] WRITTEN_BYTES = {128, 256, 1024, 4096};

  private Idle() {}

  /**
   * Has all connections serve a few requests.
   *
   * @param heapToo whether these take heap buffers, beside direct ones
   */
  private static void serve(Connections open, boolean heapToo) throws InterruptedException {
    for (int i = 0; i < REQUESTS; i++) {
      open.onEach((allocator, connection) -> serve(allocator, heapToo));
    }
  }

  private static void serve(ByteBufAllocator allocator, boolean heapToo) {
    ByteBuf read = allocator.directBuffer(READ_BYTES);
    for (int bytes : WRITTEN_BYTES) {
      allocator.directBuffer(bytes).writeZero(bytes).release();
    }
    read.release();
    if (heapToo) {
      allocator.heapBuffer(READ_BYTES).release();
    }
    Subject.endRequest(allocator);
  }

  private static void reportLeased(String situation, Subject subject) {
    if (subject.hasConnectionArenas()) {
      Figures.add(situation, "bytes leased", Figures.BYTES, subject.leasedBytes());
    }
  }

  /** Connections without sockets. */
  public static class Arenas extends MemoryBenchmark {
    @Param({"1000", "10000", "100000"})
    public int connections;

    @Override
    void measure() throws InterruptedException {
      try (Loops loops = new Loops()) {
        start();
        Connections open = loops.open(subject, connections);
        serve(open, false);
        reportMemory("%,d connections, just served");
        rest(2);
        String idle = reportMemory("%,d idle connections");
        if (subject.hasConnectionArenas()) {
          Figures.add(idle, BLOCKS_LEASED, Figures.COUNT, leasedBlocks(open));
        }
        reportLeased(idle, subject);
        ProcessMemory.trimNativeHeap(); // of what the compilers used, which is the most of it
        long rise = ProcessMemory.resident() - residentBefore;
        Figures.add(idle, Figures.RSS_RISE + ", after a native trim", Figures.BYTES, rise);
      }
    }

    private String reportMemory(String format) {
      String situation = format.formatted(connections);
      double held = subject.heldBytes();
      double rise = ProcessMemory.resident() - residentBefore;
      addHeld(situation, (long) held, (long) rise);
      String perConnection = ", per connection";
      Figures.add(situation, Figures.HELD + perConnection, Figures.BYTES, held / connections);
      Figures.add(situation, Figures.RSS_RISE + perConnection, Figures.BYTES, rise / connections);
      return situation;
    }

    private static int leasedBlocks(Connections open) {
      return open.allocators().stream()
          .filter(ConnectionArena.class::isInstance)
          .mapToInt(each -> ((ConnectionArena) each).metric().leasedBlocks())
          .sum();
    }
  }

  /**
   * What each connection costs on the Java heap; the other allocators keep nothing for one. It is
   * what can be reached from the allocator, which knows its connections, less what could be reached
   * before they were opened. So everything that connections share, event loops and all, cancels
   * out, and what their allocator keeps for each of them, such as an entry of a set, counts.
   */
  public static class Heap extends MemoryBenchmark {
    /** JOL remembers each object that it walks over: more connections need too much of the heap. */
    private static final int MOST_FOR_JOL = 10_000;

    @Param({"1000", "10000", "100000"})
    public int connections;

    @Param({"false", "true"})
    public boolean heapToo;

    @Override
    void measure() throws InterruptedException {
      if (!subject.hasConnectionArenas()) {
        return;
      }
      try (Loops loops = new Loops()) {
        serve(loops.open(subject, Loops.COUNT), heapToo); // what is made once is made
        rest(2);
        long livingBefore = ProcessMemory.livingHeap();
        GraphLayout before = connections <= MOST_FOR_JOL ? secondWalk(subject) : null;
        Connections open = loops.open(subject, connections);
        serve(open, heapToo);
        rest(2);
        String kinds = heapToo ? ", heap buffers too" : "";
        String situation = "%,d idle connections%s".formatted(connections, kinds);
        if (before == null) {
          addLiving(situation, livingBefore, connections);
        } else {
          report(situation, before, GraphLayout.parseInstance(subject));
        }
      }
    }

    /** The first one loads classes, which the virtual machine remembers. */
    private static GraphLayout secondWalk(Subject subject) {
      var unused = GraphLayout.parseInstance(subject);
      return GraphLayout.parseInstance(subject);
    }

    private void report(String situation, GraphLayout before, GraphLayout now) {
      double sum = now.totalSize() - before.totalSize();
      Figures.add(situation, PER_ARENA, Figures.BYTES, sum / connections);
      List<Class<?>> types = new ArrayList<>(now.getClasses());
      types.sort(Comparator.comparing(Class::getTypeName));
      for (Class<?> type : types) {
        double rise = now.getClassSizes().count(type) - before.getClassSizes().count(type);
        if (rise >= connections) {
          String figure = PER_ARENA + " in " + type.getTypeName();
          Figures.add(situation, figure, Figures.BYTES, rise / connections);
        }
      }
    }
  }

  /** Real connections that have each echoed one message. */
  public static class Sockets extends MemoryBenchmark {
    @Param("10000")
    public int sockets;

    @Override
    void measure() throws IOException, InterruptedException {
      Talk talk = Talk.echo(sockets, 1024, 1);
      try (Loops loops = new Loops();
          LoopbackServer server =
              new LoopbackServer(
                  subject,
                  loops.group(),
                  channel -> channel.pipeline().addLast(new EchoHandler(0)));
          ClientProcess client = ClientProcess.start(server, talk)) {
        start();
        client.awaitConnected();
        client.talk(0);
        client.awaitEchoed();
        report("%,d sockets, just served", talk);
        rest(2);
        report("%,d idle sockets", talk);
      }
    }

    private void report(String format, Talk talk) {
      String situation = format.formatted(talk.connections());
      addHeld(situation);
      reportLeased(situation, subject);
    }
  }
}
