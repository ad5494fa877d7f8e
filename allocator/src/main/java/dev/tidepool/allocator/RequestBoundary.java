package dev.tidepool.allocator;

import io.netty.channel.ChannelHandler;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * Where requests begin and end, and so where a connection's arena resets: when no request is open,
 * and never before.
 *
 * <p>{@link #readComplete()}, the default, and {@link #manual()} are given to the {@link
 * ArenaLifecycleHandler}, which stands at the head of the pipeline and sees encoded bytes only.
 * {@link #http1()} and {@link #messages} tell requests by their messages: each is a handler of its
 * own that stands behind the codec and takes over from the lifecycle handler's boundary for as long
 * as it is in the pipeline.
 *
 * <pre>{@code
 * pipeline.addFirst(new ArenaLifecycleHandler(ArenaByteBufAllocator.DEFAULT));
 * pipeline.addLast(new HttpServerCodec());
 * pipeline.addLast(RequestBoundary.http1());
 * }</pre>
 *
 * <p>By messages, a request is open from its first inbound message to the completion of the last
 * outbound write of its response, on whatever thread the response is made, and while the handlers
 * behind the boundary deal with one of its messages. Pipelined requests share the arena until none
 * of them is open. A {@link dev.tidepool.allocator.ConnectionArena#hold() hold} keeps the request
 * open with every boundary.
 *
 * <p>A handler that cannot do its work where it was put is refused: its {@code handlerAdded} throws
 * an {@link IllegalStateException} that says where it belongs, upon which Netty removes the handler
 * and fires {@code exceptionCaught}.
 */
public final class RequestBoundary {
  private static final RequestBoundary READ_COMPLETE = new RequestBoundary();
  private static final RequestBoundary MANUAL = new RequestBoundary();

  private RequestBoundary() {}

  /**
   * The default, for bytes without a codec: the read burst is over, all that was written is flushed
   * to the socket, and no {@link dev.tidepool.allocator.ConnectionArena#hold() hold} is open. A
   * handler that answers after the burst, from another thread for example, takes a hold.
   */
  public static RequestBoundary readComplete() {
    return READ_COMPLETE;
  }

  /** None: the user calls {@code reset()} on the connection's arena. */
  public static RequestBoundary manual() {
    return MANUAL;
  }

  /**
   * A handler that tells the requests of any protocol by two predicates. It stands behind the
   * codec, whose messages the predicates are asked about, on the event loop, once each in the order
   * in which they come by.
   *
   * <p>One message that ends a response ends the oldest request without a response; if there is
   * none, the response is an exchange of its own, which is over when it is written. If a predicate
   * throws, the message is released, and the read or write fails with what was thrown.
   *
   * @param beginsRequest whether an inbound message begins a request: true once for each
   * @param endsResponse whether an outbound message ends a response: true once for each
   */
  public static ChannelHandler messages(
      Predicate<Object> beginsRequest, Predicate<Object> endsResponse) {
    return new MessageBoundary(
        "RequestBoundary.messages()",
        new CountedExchanges(
            Objects.requireNonNull(beginsRequest, "beginsRequest"),
            Objects.requireNonNull(endsResponse, "endsResponse")));
  }

  /**
   * A handler that tells the requests of an HTTP/1.1 server. It stands anywhere behind Netty's
   * {@code HttpServerCodec} (or decoder and encoder), right behind it best, on the channel's event
   * loop.
   *
   * <p>A request ends when its final response is written and the request itself was received to its
   * end (RFC 9112, section 9.3): a 1xx response does not end it, an early response does not end it
   * while its body still arrives, unless the client waits for a 100 that it did not get. A 101, and
   * a 2xx to a CONNECT, end the last request of the connection: what follows is another protocol,
   * and the lifecycle handler's own boundary takes over. A response without a request, such as a
   * 408, is an exchange of its own.
   *
   * @throws IllegalStateException if {@code netty-codec-http} is not there
   */
  public static ChannelHandler http1() {
    try {
      return new MessageBoundary("RequestBoundary.http1()", new HttpExchanges());
    } catch (NoClassDefFoundError e) {
      throw new IllegalStateException(
          "RequestBoundary.http1(): %s not found (expected: netty-codec-http on the class path)"
              .formatted(e.getMessage()),
          e);
    }
  }

  boolean isAtReadComplete() {
    return this == READ_COMPLETE;
  }
}
