package dev.tidepool.echo.live.http;

import dev.tidepool.echo.figures.Json;
import dev.tidepool.echo.live.LeakLog;
import dev.tidepool.echo.live.LiveFeed;
import dev.tidepool.echo.live.LiveLeak;
import dev.tidepool.echo.live.LiveSnapshot;
import dev.tidepool.echo.live.Subscription;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The streams of events (server-sent events) of all viewers. Each sample is written as JSON once,
 * on the sampler's thread, and its bytes are shared by all viewers. No queue grows: the event loop
 * has at most one sample before it, and a viewer at most what is not written when the next comes.
 */
final class EventStreams {
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);
  private static final byte[] COMMENT = ":\n\n".getBytes(StandardCharsets.US_ASCII);

  private final LiveFeed feed;
  private final ByteBufAllocator allocator;
  private final EventLoop loop;
  private final int most;
  private final Duration patience;

  /** The leaks reported since the last sample was written. */
  private final Deque<LiveLeak> leaks = new ConcurrentLinkedDeque<>();

  /** The sample that the event loop is to write next. */
  private final AtomicReference<@Nullable ByteBuf> next = new AtomicReference<>();

  // Event loop only, but for the number.
  private final Set<Viewer> viewers = new LinkedHashSet<>();
  private volatile int number;
  private @Nullable Subscription samples;

  /**
   * @param most the most viewers at once
   * @param patience how long a viewer may leave unread what was written
   */
  EventStreams(
      LiveFeed feed,
      LeakLog leakLog,
      ByteBufAllocator allocator,
      EventLoop loop,
      int most,
      Duration patience) {
    this.feed = feed;
    this.allocator = allocator;
    this.loop = loop;
    this.most = most;
    this.patience = patience;
    leakLog.subscribe(this::add);
    loop.scheduleAtFixedRate(
        this::beat, HEARTBEAT.toMillis(), HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * A new stream.
   *
   * @throws RefusedException if there are as many as there may be
   */
  Answer open(PageRequest request) {
    if (viewers.size() >= most) {
      throw RefusedException.busy("the page has " + most + " viewers, which is its limit");
    }
    return request.headOnly() ? Reply.text("text/event-stream", "") : (Answer.Takeover) this::begin;
  }

  /** The number of viewers. Any thread. */
  int viewers() {
    return number;
  }

  private void begin(Channel channel) {
    if (!channel.isRegistered()) {
      return; // it left before its turn came, and its handlers are gone
    }
    channel.writeAndFlush(head());
    PagePipeline.endHttp(channel.pipeline());
    Viewer viewer = new Viewer(channel, patience.toNanos());
    channel.pipeline().addLast(viewer);
    viewers.add(viewer);
    number = viewers.size();
    channel.closeFuture().addListener(closed -> left(viewer));
    channel.config().setAutoRead(true);
    ByteBuf latest = event("snapshot", feed.latest());
    viewer.offer(latest, System.nanoTime());
    latest.release();
    if (samples == null && !viewers.isEmpty()) { // it may have left already
      leaks.clear(); // those before are in the log
      samples = feed.subscribe(this::publish);
    }
  }

  /** Without a length: the stream ends with its connection. */
  private static HttpResponse head() {
    HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream");
    response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    return response;
  }

  private void left(Viewer viewer) {
    viewers.remove(viewer);
    number = viewers.size();
    if (viewers.isEmpty() && samples != null) {
      samples.close();
      samples = null;
    }
  }

  // The samples

  /** Takes a sample, on the sampler's thread. One that the event loop has not begun is replaced. */
  private void publish(LiveSnapshot snapshot) {
    ByteBuf overtaken = next.getAndSet(event("snapshot", snapshot));
    if (overtaken != null) {
      overtaken.release();
      return;
    }
    try {
      loop.execute(this::writeNext);
    } catch (RejectedExecutionException e) {
      releaseNext(); // the server has been closed
    }
  }

  private void releaseNext() {
    ByteBuf event = next.getAndSet(null);
    if (event != null) {
      event.release();
    }
  }

  private void writeNext() {
    ByteBuf event = next.getAndSet(null);
    if (event != null) {
      writeLeaks();
      offer(event);
    }
  }

  /** Keeps the last of many; the log that the viewer can ask for keeps as many. */
  private void add(LiveLeak leak) {
    leaks.addLast(leak);
    if (leaks.size() > LeakLog.CAPACITY) {
      leaks.pollFirst();
    }
  }

  /** With the next sample, so that many leaks at once are not many writes. */
  private void writeLeaks() {
    for (LiveLeak leak = leaks.pollFirst(); leak != null; leak = leaks.pollFirst()) {
      offer(event("leak", leak));
    }
  }

  private void beat() {
    offer(allocator.buffer(COMMENT.length).writeBytes(COMMENT));
  }

  private void offer(ByteBuf event) {
    try {
      long now = System.nanoTime();
      List.copyOf(viewers).forEach(viewer -> viewer.offer(event, now));
    } finally {
      event.release();
    }
  }

  private ByteBuf event(String name, Object data) {
    byte[] json = Json.bytes(data);
    ByteBuf event = allocator.directBuffer(json.length + 32);
    event.writeCharSequence("event: " + name + "\ndata: ", StandardCharsets.US_ASCII);
    event.writeBytes(json);
    event.writeCharSequence("\n\n", StandardCharsets.US_ASCII);
    return event;
  }
}
