package dev.tidepool.benchmarks.memory;

import static dev.tidepool.benchmarks.memory.Subject.TRIM_INTERVAL;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.io.IOException;
import java.util.List;

/**
 * Each connection is given a large answer a few times, then sends the first byte of one more
 * request. What does that byte hold?
 */
record LargeAnswers(int connections) implements Scenario {
  private static final int REQUEST_BYTES = 2;
  private static final int CHUNK_BYTES = 16 * 1024;
  private static final int CHUNKS = 43;
  private static final int ROUNDS = 3;

  @Override
  public void run(Subject subject, Figures figures) throws IOException, InterruptedException {
    Talk talk =
        new Talk(connections, REQUEST_BYTES, CHUNKS * CHUNK_BYTES, 1, ROUNDS, 0, 1).withinLimits();
    try (Loops loops = new Loops();
        LoopbackServer server = LoopbackServer.start(subject, loops, Answers::new);
        ClientProcess client = ClientProcess.start(server.port(), talk)) {
      client.awaitConnected();
      long residentBefore = ProcessMemory.resident();
      client.awaitEchoed();
      Thread.sleep(TRIM_INTERVAL.multipliedBy(3).toMillis());
      String situation = "%,d connections, 0.7 MB answered thrice, then one byte each";
      figures.addHeld(situation.formatted(talk.connections()), subject, residentBefore);
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
