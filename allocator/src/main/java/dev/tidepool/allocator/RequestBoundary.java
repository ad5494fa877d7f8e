package dev.tidepool.allocator;

import io.netty.channel.ChannelHandler;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * The rule by which requests begin and end: a connection's arena resets when no request is open,
 * and never before.
 *
 * <p>{@link #readComplete()}, the default, and {@link #manual()} are given to the {@link
 * ArenaLifecycleHandler}, which stands at the head of the pipeline and sees encoded bytes only.
 * {@link #http1()} and {@link #messages} recognise requests by their messages: each is a handler of
 * its own that stands behind the codec, and replaces the lifecycle handler's boundary for as long
 * as it is in the pipeline.
 *
 * <pre>{@code
 * pipeline.addFirst(new ArenaLifecycleHandler(ArenaByteBufAllocator.DEFAULT));
 * pipeline.addLast(new HttpServerCodec());
 * pipeline.addLast(RequestBoundary.http1());
 * }</pre>
 *
 * <p>By messages, a request is open from its first inbound message to the completion of the last
 * outbound write of its response, whichever thread makes the response, and while the handlers
 * behind the boundary process one of its messages. Pipelined requests share the arena until none of
 * them is open. A {@link ConnectionArena#hold() hold} keeps the request open with every boundary.
 *
 * <p>A handler in a place where it cannot work is refused: its {@code handlerAdded} throws an
 * {@link IllegalStateException} that says where it belongs, and Netty then removes the handler and
 * fires {@code exceptionCaught}.
 */
public final class RequestBoundary {
  private static final RequestBoundary READ_COMPLETE = new RequestBoundary();
  private static final RequestBoundary MANUAL = new RequestBoundary();

  private RequestBoundary() {}

  /**
   * {@return the default, for bytes without a codec: a request ends when the read burst is over,
   * all that was written is flushed to the socket, and no {@link ConnectionArena#hold() hold} is
   * open} A handler that answers after the burst, such as from another thread, takes a hold.
   */
  public static RequestBoundary readComplete() {
    return READ_COMPLETE;
  }

  /** {@return no boundary: the application calls {@link ConnectionArena#reset()}} */
  public static RequestBoundary manual() {
    return MANUAL;
  }

  /**
   * {@return a handler that recognises the requests of any protocol by two predicates} It stands
   * behind the codec. The predicates are called on the event loop, once for each message of the
   * codec, in the order in which these pass.
   *
   * <p>A message that ends a response answers the oldest request without a response; if there is
   * none, the response is an exchange of its own, which is over when it is written. If a predicate
   * throws, the message is released, and the read or write fails with what was thrown.
   *
   * @param beginsRequest whether an inbound message begins a request: true once for each request;
   *     not null
   * @param endsResponse whether an outbound message ends a response: true once for each response;
   *     not null
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
   * {@return a handler that recognises the requests of an HTTP/1.1 server} It stands behind Netty's
   * {@code HttpServerCodec} (or decoder and encoder), best right behind, on the channel's event
   * loop.
   *
   * <p>A request ends when its final response is written and the request itself was received to its
   * end (RFC 9112, section 9.3): a 1xx response does not end it, nor does an early response while
   * the body still arrives, unless the client waits for a 100 that was not sent. A 101, and a 2xx
   * to a CONNECT, end the last request of the connection: what follows is another protocol, at the
   * lifecycle handler's own boundary. A response without a request, such as a 408, is an exchange
   * of its own.
   *
   * @throws IllegalStateException if {@code netty-codec-http} is not on the class path
   */
  public static ChannelHandler http1() {
    try {
      return HttpExchanges.boundary(true);
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
