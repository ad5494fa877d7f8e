package dev.tidepool.allocator;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The exchanges of an HTTP/1.1 server. A response belongs to the oldest request without one.
 *
 * <pre>
 *   open == exchanges begun - exchanges over
 *   an exchange is over    when its response is written and its request was received to its end,
 *                          or nothing more of its request is due (RFC 9110, sections 9.3.6 and 10.1.1)
 * </pre>
 */
final class HttpExchanges implements Exchanges {
  private static final int CONTINUE = 100;
  private static final int SWITCHING_PROTOCOLS = 101;

  private final boolean refusesBytes;
  private final Queue<Exchange> unanswered = new ArrayDeque<>(2);
  private int open;
  private boolean sawHttp;
  private boolean over;

  /** The exchange whose request is being received. */
  private @Nullable Exchange receiving;

  /** The exchange whose response is being written. */
  private @Nullable Exchange responding;

  private boolean informational;

  /**
   * The boundary of HTTP/1.1.
   *
   * @param isApplications whether the application has added it, and not the detection of codecs:
   *     then it stays, and may stand in the wrong place
   */
  static MessageBoundary boundary(boolean isApplications) {
    return new MessageBoundary(
        "RequestBoundary.http1()", new HttpExchanges(isApplications), !isApplications);
  }

  /**
   * @param refusesBytes whether encoded bytes before the first request mean a misplaced boundary
   */
  private HttpExchanges(boolean refusesBytes) {
    this.refusesBytes = refusesBytes;
  }

  /** One request and its response. */
  private final class Exchange implements Runnable {
    private final boolean isConnect;
    private boolean switchesProtocol;
    private boolean expectsContinue;
    private boolean received;
    private boolean written;
    private boolean isOver;

    Exchange(boolean isConnect, boolean expectsContinue) {
      this.isConnect = isConnect;
      this.expectsContinue = expectsContinue;
      open++;
    }

    /** Runs when the end of the response is written. */
    @Override
    public void run() {
      written = true;
      over |= switchesProtocol;
      endIfComplete();
    }

    void receivedToItsEnd() {
      received = true;
      endIfComplete();
    }

    /** A client that waits for a 100 and gets a final response need not send the body. */
    private void endIfComplete() {
      if (!isOver && written && (received || expectsContinue || switchesProtocol)) {
        isOver = true;
        open--;
      }
    }
  }

  @Override
  public void requirePlace(ChannelHandlerContext ctx) {
    boolean behind = false;
    for (var entry : ctx.pipeline()) {
      behind |= entry.getValue() == ctx.handler();
      if (entry.getValue() instanceof HttpClientCodec) {
        throw misplaced(ctx, "an HTTP server's pipeline", entry.getKey());
      }
      if (behind && isCodec(entry.getValue())) {
        throw misplaced(ctx, "behind the HTTP codec", entry.getKey());
      }
    }
  }

  private static boolean isCodec(ChannelHandler handler) {
    return handler instanceof HttpServerCodec || handler instanceof HttpRequestDecoder;
  }

  private static IllegalStateException misplaced(
      ChannelHandlerContext ctx, String expected, String codec) {
    return new IllegalStateException(
        "RequestBoundary.http1() '%s': misplaced beside '%s' (expected: %s)"
            .formatted(ctx.name(), codec, expected));
  }

  // Requests

  @Override
  public void inbound(Object message) {
    int kinds = HttpKinds.of(message);
    if ((kinds & HttpKinds.REQUEST) != 0) {
      begin((HttpRequest) message);
    } else if ((kinds & HttpKinds.CONTENT) != 0) {
      if (receiving != null) {
        receiving.expectsContinue = false; // the body comes after all
      }
    } else if (message instanceof ByteBuf && refusesBytes && !sawHttp) {
      throw new IllegalStateException(
          "RequestBoundary.http1(): received encoded bytes (expected: HTTP messages, behind the"
              + " codec: pipeline.addLast(new HttpServerCodec(), RequestBoundary.http1()))");
    }
    if ((kinds & HttpKinds.LAST) != 0 && receiving != null) {
      receiving.receivedToItsEnd();
      receiving = null;
    }
  }

  private void begin(HttpRequest request) {
    sawHttp = true;
    if (receiving != null) {
      receiving.receivedToItsEnd(); // its body will not come: the next request began
    }
    receiving = new Exchange(HttpMethod.CONNECT.equals(request.method()), expectsContinue(request));
    unanswered.add(receiving);
  }

  /** The first look is the cheaper one, and enough for most requests. */
  private static boolean expectsContinue(HttpRequest request) {
    return request.headers().contains(HttpHeaderNames.EXPECT)
        && HttpUtil.is100ContinueExpected(request);
  }

  // Responses

  @Override
  public @Nullable Runnable outbound(Object message) {
    int kinds = HttpKinds.of(message);
    if ((kinds & HttpKinds.RESPONSE) != 0) {
      beginResponse((HttpResponse) message);
      if (responding != null && responding.switchesProtocol) {
        return endResponse(); // its head is its end
      }
    }
    return (kinds & HttpKinds.LAST) != 0 ? endMessage() : null;
  }

  private void beginResponse(HttpResponse response) {
    int status = response.status().code();
    informational =
        response.status().codeClass() == HttpStatusClass.INFORMATIONAL
            && status != SWITCHING_PROTOCOLS;
    if (informational) {
      noteInformational(status);
      return;
    }
    responding = nextToAnswer();
    responding.switchesProtocol =
        status == SWITCHING_PROTOCOLS
            || (responding.isConnect && response.status().codeClass() == HttpStatusClass.SUCCESS);
  }

  /**
   * The exchange that a new response belongs to: that of a response which never ended, as it was
   * not written, or the oldest unanswered one.
   */
  private Exchange nextToAnswer() {
    Exchange next = responding != null ? responding : unanswered.poll();
    return next != null ? next : withoutRequest();
  }

  private void noteInformational(int status) {
    Exchange oldest = unanswered.peek();
    if (status == CONTINUE && oldest != null) {
      oldest.expectsContinue = false; // so the body will come
    }
  }

  private Exchange withoutRequest() {
    Exchange exchange = new Exchange(false, false);
    exchange.received = true;
    return exchange;
  }

  /** Ends a final response; the end of an informational one ends no exchange. */
  private @Nullable Runnable endMessage() {
    if (informational) {
      informational = false;
      return null;
    }
    return endResponse();
  }

  private @Nullable Runnable endResponse() {
    Exchange ended = responding;
    responding = null;
    return ended;
  }

  @Override
  public boolean isOpen() {
    return open > 0;
  }

  @Override
  public boolean isOver() {
    return over;
  }
}
