package dev.tidepool.echo.load;

import dev.tidepool.echo.protocol.BadStatusException;
import dev.tidepool.echo.protocol.ProtocolClient;
import dev.tidepool.echo.protocol.WrongAnswerException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a load: keeps its pipeline of requests full and verifies the answers. Event
 * loop only.
 *
 * <pre>
 *   0 <= oldest <= sent <= quota, sent - oldest <= length of the pipeline
 *   the request with sequence oldest, if it is sent, is not answered
 * </pre>
 */
final class LoadConnection extends SimpleChannelInboundHandler<Object>
    implements ProtocolClient.Answers {
  /** Starts a connection, fired through its pipeline once all are connected. */
  static final Object START = new Object();

  private static final long ANSWERED = Long.MIN_VALUE;

  private final int number;
  private final RequestPlan plan;
  private final ProtocolClient client;
  private final LoopTally tally;
  private final Measurement measurement;
  private final long quota;
  private final Duration requestTimeout;
  private final Duration pause;

  /** When each request under way was sent, or ANSWERED, by its sequence modulo the length. */
  private final long[] sentNanos;

  private final CompletableFuture<Void> finished = new CompletableFuture<>();
  private @Nullable Future<?> timeoutCheck;
  private long sent;
  private long oldest;
  private boolean resting;

  /**
   * @param pause from the sending of a request to that of the next; zero: none
   */
  LoadConnection(
      int number,
      LoadSettings settings,
      ProtocolClient client,
      LoopTally tally,
      Measurement measurement,
      Duration pause) {
    this.number = number;
    this.plan = settings.plan(number, 0);
    this.client = client;
    this.tally = tally;
    this.measurement = measurement;
    this.quota = settings.quota(number);
    this.requestTimeout = settings.timeout();
    this.sentNanos = new long[settings.pipeline()];
    this.pause = pause;
  }

  /** Done when nothing more is to be sent and all is answered, or when the connection failed. */
  CompletableFuture<Void> finished() {
    return finished;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == START) {
      long period = Math.max(1, requestTimeout.toMillis() / 4);
      timeoutCheck =
          ctx.executor()
              .scheduleAtFixedRate(() -> checkTimeout(ctx), period, period, TimeUnit.MILLISECONDS);
      proceed(ctx);
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, Object message)
      throws WrongAnswerException {
    if (!finished.isDone()) {
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
    tally.answered(sentNanos[slot(sequence)], System.nanoTime());
    settle(sequence);
  }

  @Override
  public void refused(long sequence, BadStatusException cause) throws WrongAnswerException {
    requireUnderWay(sequence);
    tally.error(number, cause);
    tally.lost(1);
    settle(sequence);
  }

  @Override
  public void unprocessed(long sequence) throws WrongAnswerException {
    requireUnderWay(sequence);
    settle(sequence);
  }

  private void requireUnderWay(long sequence) throws WrongAnswerException {
    if (!isUnderWay(sequence)) {
      throw new WrongAnswerException(
          "an answer to request " + sequence + " came back, expected none", 0);
    }
  }

  private void settle(long sequence) {
    sentNanos[slot(sequence)] = ANSWERED;
    while (oldest < sent && sentNanos[slot(oldest)] == ANSWERED) {
      oldest++;
    }
  }

  private boolean isUnderWay(long sequence) {
    return oldest <= sequence && sequence < sent && sentNanos[slot(sequence)] != ANSWERED;
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    proceed(ctx);
  }

  /** Becomes unwritable within a write, perhaps of the first of a request's messages. */
  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (ctx.channel().isWritable()) {
      proceed(ctx);
    }
  }

  private void proceed(ChannelHandlerContext ctx) {
    if (timeoutCheck == null || finished.isDone()) {
      return;
    }
    while (maySend() && ctx.channel().isWritable()) {
      send(ctx);
    }
    ctx.flush();
    if (oldest == sent && !resting && !maySend()) {
      finish();
    }
  }

  private boolean maySend() {
    return !resting && sent < quota && sent - oldest < sentNanos.length && !measurement.stopping();
  }

  private void send(ChannelHandlerContext ctx) {
    List<?> messages = client.encode(plan.request(sent), ctx.alloc());
    sentNanos[slot(sent)] = System.nanoTime();
    tally.sent(sentNanos[slot(sent)], 0);
    sent++;
    for (Object message : messages) {
      // A write that fails arrives in exceptionCaught: that is what the void promise is for.
      ctx.write(message, ctx.voidPromise());
    }
    if (!pause.isZero()) {
      rest(ctx);
    }
  }

  private void rest(ChannelHandlerContext ctx) {
    resting = true;
    ctx.executor()
        .schedule(
            () -> {
              resting = false;
              proceed(ctx);
            },
            pause.toNanos(),
            TimeUnit.NANOSECONDS);
  }

  private int slot(long sequence) {
    return (int) (sequence % sentNanos.length);
  }

  private void checkTimeout(ChannelHandlerContext ctx) {
    boolean waiting = sent > oldest;
    if (waiting && System.nanoTime() - sentNanos[slot(oldest)] > requestTimeout.toNanos()) {
      fail(
          ctx,
          new IOException(
              "no echo of request " + oldest + " within " + requestTimeout.toMillis() + " ms"));
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    fail(
        ctx,
        new IOException(
            "the server closed the connection with " + unanswered() + " requests unanswered"));
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
    if (!finished.isDone()) {
      tally.error(number, cause);
      measurement.stop();
      finish();
      ctx.close();
    }
  }

  private void finish() {
    if (timeoutCheck != null) {
      timeoutCheck.cancel(false);
    }
    finished.complete(null);
  }
}
