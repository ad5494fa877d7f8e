package dev.tidepool.echo.load;

import dev.tidepool.echo.protocol.BadStatusException;
import dev.tidepool.echo.protocol.ProtocolClient;
import dev.tidepool.echo.protocol.WrongAnswerException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a load: sends requests as they are due, as many at once as its pipeline is
 * long, and verifies the answers. Event loop only.
 *
 * <pre>
 *   0 <= oldest <= sent, sent - oldest <= length of the pipeline
 *   the request with sequence oldest, if it is sent, is not answered
 * </pre>
 */
final class LoadConnection extends SimpleChannelInboundHandler<Object>
    implements ProtocolClient.Answers {
  private static final long ANSWERED = Long.MIN_VALUE;

  private final int number;
  private final RequestPlan plan;
  private final ProtocolClient client;
  private final RequestSource source;
  private final LoopTally tally;
  private final boolean scheduled;
  private final @Nullable RequestCutter cutter;

  /** When each request under way was sent, or ANSWERED, by its sequence modulo the length. */
  private final long[] sentNanos;

  /** When the schedule had it, likewise; empty without a schedule. */
  private final long[] intendedNanos;

  private @Nullable ChannelHandlerContext context; // null: not open yet
  private long sent;
  private long oldest;

  /** Since when the connection could have sent one more request. */
  private long readySince;

  /** Whether the connection was of use, or was ended by the load and not by the server. */
  private boolean worked;

  private boolean draining;
  private boolean ended;

  /**
   * @param number in messages
   * @param scheduled whether the source has a schedule
   * @param cutter cuts off the requests that the plan wants cut off; null: none
   */
  LoadConnection(
      int number,
      RequestPlan plan,
      ProtocolClient client,
      RequestSource source,
      LoopTally tally,
      int pipeline,
      boolean scheduled,
      @Nullable RequestCutter cutter) {
    this.number = number;
    this.plan = plan;
    this.client = client;
    this.source = source;
    this.tally = tally;
    this.scheduled = scheduled;
    this.cutter = cutter;
    this.sentNanos = new long[pipeline];
    this.intendedNanos = new long[scheduled ? pipeline : 0];
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == ProtocolClient.READY) {
      context = ctx;
      readySince = System.nanoTime();
      proceed();
    }
    ctx.fireUserEventTriggered(event);
  }

  // Answers

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, Object message)
      throws WrongAnswerException {
    if (!ended) {
      client.receive(message, this);
    }
  }

  @Override
  public void verified(int bytes) {
    tally.verified(bytes);
  }

  @Override
  public void unverified(int bytes) {
    tally.unverified(bytes);
  }

  @Override
  public void answered(long sequence) throws WrongAnswerException {
    requireUnderWay(sequence);
    long now = System.nanoTime();
    count(slot(sequence), now);
    settle(sequence, now);
  }

  @Override
  public void refused(long sequence, BadStatusException cause) throws WrongAnswerException {
    requireUnderWay(sequence);
    tally.error(number, cause, 1);
    settle(sequence, System.nanoTime());
  }

  @Override
  public void unprocessed(long sequence) throws WrongAnswerException {
    requireUnderWay(sequence);
    long begin = scheduled ? intendedNanos[slot(sequence)] : sentNanos[slot(sequence)];
    tally.takenBack(begin);
    source.takenBack(begin);
    settle(sequence, System.nanoTime());
  }

  private void requireUnderWay(long sequence) throws WrongAnswerException {
    if (!isUnderWay(sequence)) {
      throw new WrongAnswerException(
          "an answer to request " + sequence + " came back, expected none", 0);
    }
  }

  private void settle(long sequence, long now) {
    worked = true;
    if (!hasRoom()) {
      readySince = now;
    }
    sentNanos[slot(sequence)] = ANSWERED;
    while (oldest < sent && sentNanos[slot(oldest)] == ANSWERED) {
      oldest++;
    }
  }

  private void count(int slot, long now) {
    if (scheduled) {
      tally.answered(sentNanos[slot], intendedNanos[slot], now);
    } else {
      tally.answered(sentNanos[slot], now);
    }
  }

  private boolean isUnderWay(long sequence) {
    return oldest <= sequence && sequence < sent && sentNanos[slot(sequence)] != ANSWERED;
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    proceed();
  }

  // Requests

  /** Becomes unwritable within a write, perhaps of the first of a request's messages. */
  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (ctx.channel().isWritable()) {
      readySince = System.nanoTime();
      proceed();
    }
  }

  /** Sends what is due. */
  void proceed() {
    ChannelHandlerContext ctx = context;
    if (ctx == null || ended) {
      return;
    }
    sendDue(ctx);
    if (oldest == sent && !ended) {
      idle(ctx);
    }
  }

  private void sendDue(ChannelHandlerContext ctx) {
    boolean wrote = false;
    while (!draining() && hasRoom() && ctx.channel().isWritable()) {
      long now = System.nanoTime();
      long intended = source.due(now);
      if (intended == RequestSource.NOTHING_DUE) {
        break;
      }
      if (cutter != null && plan.isCutOff(sent)) {
        cutOff(ctx, cutter, intended);
        break;
      }
      send(ctx, now, intended);
      wrote = true;
    }
    if (wrote) {
      ctx.flush();
    }
  }

  private boolean hasRoom() {
    return sent - oldest < sentNanos.length;
  }

  private void send(ChannelHandlerContext ctx, long now, long intended) {
    sentNanos[slot(sent)] = now;
    if (scheduled) {
      intendedNanos[slot(sent)] = intended;
    }
    tally.sent(intended, now - Math.max(intended, readySince));
    source.begun(intended);
    write(ctx, sent++);
  }

  private void write(ChannelHandlerContext ctx, long sequence) {
    for (Object message : client.encode(plan.request(sequence), ctx.alloc())) {
      // A write that fails arrives in exceptionCaught: that is what the void promise is for.
      ctx.write(message, ctx.voidPromise());
    }
  }

  /**
   * Waits until all else is answered, so that nothing is lost but this request, which is in no
   * figure.
   */
  private void cutOff(ChannelHandlerContext ctx, RequestCutter requestCutter, long intended) {
    ctx.flush();
    if (oldest == sent) {
      source.begun(intended);
      tally.cutOff(intended);
      ended = true; // as was asked for
      worked = true;
      requestCutter.cutNext();
      write(ctx, sent);
      ctx.flush();
    }
  }

  private int slot(long sequence) {
    return (int) (sequence % sentNanos.length);
  }

  // The end

  private void idle(ChannelHandlerContext ctx) {
    if (!source.hasMore()) {
      source.finished();
    } else if (draining()) {
      worked |= draining;
      end(ctx);
    }
  }

  /** Sends no more, takes the answers that are due, and closes. */
  void drain() {
    draining = true;
    proceed();
  }

  private boolean draining() {
    return draining || client.isEnding();
  }

  /** Fails if an answer is due for longer than this. */
  void checkTimeout(Duration timeout) {
    if (context != null
        && !ended
        && oldest < sent
        && System.nanoTime() - sentNanos[slot(oldest)] > timeout.toNanos()) {
      fail(
          context,
          new LoadException(
              ErrorCause.TIMEOUT,
              "no echo of request " + oldest + " within " + timeout.toMillis() + " ms"));
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    long unanswered = unanswered();
    if (context != null && !ended && unanswered > 0) {
      fail(
          ctx,
          new LoadException(
              ErrorCause.CLOSED,
              "the server closed the connection with " + unanswered + " requests unanswered"));
    }
    if (context != null) { // else it was never opened
      source.ended(worked);
    }
  }

  private long unanswered() {
    long unanswered = 0;
    for (long sequence = oldest; sequence < sent; sequence++) {
      unanswered += isUnderWay(sequence) ? 1 : 0;
    }
    return unanswered;
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    fail(ctx, cause);
  }

  private void fail(ChannelHandlerContext ctx, Throwable cause) {
    if (!ended) {
      tally.error(number, cause, unanswered());
      end(ctx);
    }
  }

  private void end(ChannelHandlerContext ctx) {
    ended = true;
    ctx.close();
  }
}
