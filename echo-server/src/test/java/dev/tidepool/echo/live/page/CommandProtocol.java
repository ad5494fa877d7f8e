package dev.tidepool.echo.live.page;

import dev.tidepool.allocator.ArenaLifecycleHandler;
import dev.tidepool.allocator.RequestHold;
import dev.tidepool.echo.protocol.Protocol;
import dev.tidepool.echo.protocol.ProtocolClient;
import dev.tidepool.echo.protocol.Request;
import dev.tidepool.echo.protocol.RequestProgress;
import dev.tidepool.echo.testing.LineDecoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import java.nio.charset.StandardCharsets;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;

/**
 * A protocol whose lines tell the server what to do with its memory, so that a test decides when a
 * buffer is allocated, when it is released and when a request ends. Each line is answered by {@code
 * ok}.
 *
 * <ul>
 *   <li>{@code begin}: a request is open from now on
 *   <li>{@code allocate N}: a buffer of N bytes is allocated and kept
 *   <li>{@code release}: the oldest buffer kept is released; {@code release last}: the newest
 *   <li>{@code end}: the request ends, and the arena resets
 * </ul>
 *
 * What a connection keeps outlives it, until {@link #releaseAll()}.
 */
final class CommandProtocol implements Protocol {
  static final String NAME = "lines";

  private static final int LONGEST_LINE = 100;

  /** What each connection keeps, the oldest first. */
  private final List<Deque<ByteBuf>> kept = new CopyOnWriteArrayList<>();

  /** Releases what all connections keep. */
  void releaseAll() {
    kept.forEach(CommandProtocol::release);
  }

  private static void release(Deque<ByteBuf> buffers) {
    for (ByteBuf buffer = buffers.poll(); buffer != null; buffer = buffers.poll()) {
      buffer.release();
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String description() {
    return "lines that say what to do with memory";
  }

  @Override
  public RequestProgress addServerCodec(ChannelPipeline pipeline) {
    LineDecoder lines = new LineDecoder(LONGEST_LINE);
    pipeline.addLast(lines);
    return lines;
  }

  @Override
  public ChannelHandler newResponder(LongConsumer answered) {
    Deque<ByteBuf> own = new ConcurrentLinkedDeque<>();
    kept.add(own);
    return new Commands(answered, own);
  }

  @Override
  public ProtocolClient newClient(LongFunction<Request> requests) {
    throw new UnsupportedOperationException("the test is the client");
  }

  private static final class Commands extends SimpleChannelInboundHandler<ByteBuf> {
    private static final String ANSWER = "ok\n";

    private final LongConsumer answered;
    private final Deque<ByteBuf> kept;
    private RequestHold hold;

    Commands(LongConsumer answered, Deque<ByteBuf> kept) {
      this.answered = answered;
      this.kept = kept;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf line) {
      String[] words = line.toString(StandardCharsets.US_ASCII).split(" ", -1);
      switch (words[0]) {
        case "begin" -> hold = ArenaLifecycleHandler.arena(ctx.channel()).hold();
        case "allocate" -> kept.add(ctx.alloc().directBuffer(Integer.parseInt(words[1])));
        case "release" -> (words.length > 1 ? kept.removeLast() : kept.removeFirst()).release();
        case "end" -> hold.close();
        default -> throw new IllegalArgumentException("line: " + words[0]);
      }
      answered.accept(ANSWER.length());
      ctx.write(ByteBufUtil.writeAscii(ctx.alloc(), ANSWER), ctx.voidPromise());
    }
  }
}
