package dev.tidepool.benchmarks.memory;

import dev.tidepool.benchmarks.Figures;
import dev.tidepool.benchmarks.LoopbackServer;
import dev.tidepool.benchmarks.Subject;
import dev.tidepool.benchmarks.Suite;
import dev.tidepool.benchmarks.Target;
import dev.tidepool.benchmarks.memory.Loops.Connections;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.io.IOException;
import java.util.List;
import org.openjdk.jmh.annotations.Param;

/** Whether one large request, or answer, is remembered for ever. */
@Suite(
    title = "Ratchet",
    operation = "Large requests or answers on every connection, then small ones.",
    quick = {"connections=100", "sockets=50"})
@Target(
    where = "small request 16",
    figure = Ratchet.LEASED,
    atMost = 1,
    asIn = "small requests before")
@Target(
    where = "three trim intervals later",
    figure = Figures.RSS_RISE,
    atMost = 1,
    thanBetter = true)
@Target(where = "one byte each", figure = Figures.HELD, atMost = 4e6)
public final class Ratchet {
  static final String LEASED = "bytes leased per connection";

  private Ratchet() {}

  /**
   * Each connection has one large request, one after the other; then all have small ones at once.
   * What do the small ones hold, compared with before?
   */
  public static class LargeRequests extends MemoryBenchmark {
    private static final int LARGE_BUFFERS = 512;
    private static final int LARGE_BUFFER_BYTES = 16 * 1024;
    private static final int SMALL_BUFFER_BYTES = 1024;
    private static final int SMALL_REQUESTS = 16;

    @Param("1000")
    public int connections;

    @Override
    void measure() throws InterruptedException {
      try (Loops loops = new Loops()) {
        Connections open = loops.open(subject, connections);
        start();
        smallRequests(1, open).report("small requests before the large one");
        open.onEach((allocator, i) -> largeRequest(allocator));
        smallRequests(SMALL_REQUESTS, open)
            .report("small request %d after the large one".formatted(SMALL_REQUESTS));
        rest(2);
        smallRequests(1, open).report("two trim intervals later");
        rest(1);
        addHeld("three trim intervals later, idle");
      }
    }

    /** What is held while every connection is in a request. */
    private record Footprint(long held, long leasedPerConnection) {
      void report(String situation) {
        Figures.add(situation, Figures.HELD, Figures.BYTES, held);
        if (leasedPerConnection > 0) { // others than arenas lease nothing
          Figures.add(situation, LEASED, Figures.BYTES, leasedPerConnection);
        }
      }
    }

    /** The last one's. */
    private Footprint smallRequests(int count, Connections open) throws InterruptedException {
      ByteBuf[] alive = new ByteBuf[connections];
      Footprint last = new Footprint(0, 0);
      for (int n = 0; n < count; n++) {
        open.onEach((allocator, i) -> alive[i] = touched(allocator, SMALL_BUFFER_BYTES));
        last = new Footprint(subject.heldBytes(), subject.leasedBytes() / connections);
        open.onEach((allocator, i) -> alive[i].release());
        open.endRequests();
      }
      return last;
    }

    private static void largeRequest(ByteBufAllocator allocator) {
      ByteBuf[] alive = new ByteBuf[LARGE_BUFFERS];
      for (int i = 0; i < LARGE_BUFFERS; i++) {
        alive[i] = touched(allocator, LARGE_BUFFER_BYTES);
      }
      release(alive);
      Subject.endRequest(allocator);
    }
  }

  /**
   * Each connection is given a large answer a few times, then sends the first byte of one more
   * request. What does that byte hold?
   */
  public static class LargeAnswers extends MemoryBenchmark {
    private static final int REQUEST_BYTES = 2;
    private static final int CHUNK_BYTES = 16 * 1024;
    private static final int CHUNKS = 43;
    private static final int ROUNDS = 3;

    @Param("500")
    public int sockets;

    @Override
    void measure() throws IOException, InterruptedException {
      Talk talk = new Talk(sockets, REQUEST_BYTES, CHUNKS * CHUNK_BYTES, 1, ROUNDS, 1, false);
      try (Loops loops = new Loops();
          LoopbackServer server =
              new LoopbackServer(
                  subject, loops.group(), channel -> channel.pipeline().addLast(new Answers()));
          ClientProcess client = ClientProcess.start(server, talk)) {
        client.awaitConnected();
        start();
        client.talk(0);
        client.awaitEchoed();
        rest(3);
        String situation = "%,d connections, 0.7 MB answered thrice, then one byte each";
        addHeld(situation.formatted(talk.connections()));
      }
    }

    /** Keeps what has come of a request, as decoders do, until there is the rest. */
    private static final class Answers extends ByteToMessageDecoder {
      @Override
      protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (in.readableBytes() >= REQUEST_BYTES) {
          in.skipBytes(REQUEST_BYTES);
          for (int i = 0; i < CHUNKS; i++) {
            var unused = ctx.write(ctx.alloc().directBuffer(CHUNK_BYTES).writeZero(CHUNK_BYTES));
          }
          ctx.flush();
        }
      }

      @Override
      @SuppressWarnings("deprecation") // inbound, and not deprecated there
      public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        var unused = ctx.close();
      }
    }
  }
}
