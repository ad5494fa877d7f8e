package dev.tidepool.echo.protocol;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * A protocol that the server speaks and the load client verifies: its codecs, its request boundary,
 * its requests and what a right answer is.
 *
 * <p>An implementation is one class without state, listed in {@link Protocols}; every method whose
 * name begins with {@code new} or {@code add} is called once for each connection.
 *
 * <p>The server's pipeline, from the socket on:
 *
 * <pre>
 *   latency                if there is a live view
 *   ArenaLifecycleHandler  if the allocator has arenas
 *   TLS                    if the server has it; a client's close_notify is the end of its input
 *   codec                  {@link #addServerCodec}
 *   boundary               {@link #newBoundary}, if the allocator has arenas
 *   orderly close          lets the request that is arriving be answered when the server stops
 *   responder              {@link #newResponder}
 *   back-pressure          flushes at the end of a burst of reads, stops reading while not writable
 *   fault handler          reports an exception and closes the connection
 * </pre>
 *
 * <p>The load client's: TLS, if it has it, the codec of the connection's {@link ProtocolClient}, a
 * handler that waits until the connection is {@linkplain ProtocolClient#hasHandshake() ready} and
 * then removes itself, and the handler that sends the requests it encodes and has it verify the
 * answers.
 */
public interface Protocol extends ClientProtocol {
  /** The most bytes of payload that a request carries, in any protocol: 16 MiB. */
  int LARGEST_PAYLOAD = 16 << 20;

  /**
   * The name of the boundary in the pipeline, for a protocol that switches to another: it replaces
   * the boundary, if there is one.
   */
  String BOUNDARY = "boundary";

  /** The value of the option {@code --protocol} that selects this protocol. */
  @Override
  String name();

  /** The name of what a connection speaks to begin with; by default this protocol's. */
  default String firstSpoken() {
    return name();
  }

  /** What a request is on the wire, in a few words for the help text. */
  String description();

  /** What a server offers by ALPN where there is TLS, the best first; by default none, no ALPN. */
  default List<String> applicationProtocols() {
    return List.of();
  }

  /** What the load client offers by ALPN; by default what the server does. */
  @Override
  default List<String> clientApplicationProtocols() {
    return applicationProtocols();
  }

  /**
   * Adds the decoders and encoders of an accepted connection.
   *
   * @return how much of the current request has arrived
   */
  RequestProgress addServerCodec(ChannelPipeline pipeline);

  /**
   * A boundary by messages, such as {@link dev.tidepool.allocator.RequestBoundary#http1()}, which
   * stands right behind the codec. Without one the arena resets at {@link
   * dev.tidepool.allocator.RequestBoundary#readComplete()}.
   */
  default Optional<ChannelHandler> newBoundary() {
    return Optional.empty();
  }

  /**
   * The handler that answers requests. It writes and leaves flushing to the back-pressure handler.
   *
   * @param answered to be called once for each request, with the bytes of its answer as the client
   *     counts them in {@link ProtocolClient.Answers#verified}
   */
  ChannelHandler newResponder(LongConsumer answered);

  /**
   * The same for a protocol whose requests have channels of their own.
   *
   * @param arenas adds to the pipeline of such a channel the handler that gives it an arena, a
   *     child of its connection's, if the allocator has arenas
   */
  default ChannelHandler newResponder(LongConsumer answered, Consumer<ChannelPipeline> arenas) {
    return newResponder(answered);
  }
}
