package dev.tidepool.echo.protocol;

import java.util.List;
import java.util.function.LongFunction;

/** The load client's side of a protocol, which is all that a load on a foreign server needs. */
public interface ClientProtocol {
  /** The name by which the command line and results call the protocol. */
  String name();

  /** The fewest bytes of payload that yield an answer. */
  default int smallestPayload() {
    return 0;
  }

  /** How many requests a connection has under way at once, unless the load says otherwise. */
  default int usualPipeline() {
    return 4;
  }

  /**
   * What the client offers by ALPN where there is TLS, the best first; by default none, no ALPN.
   */
  default List<String> clientApplicationProtocols() {
    return List.of();
  }

  /**
   * The client's side of a connection.
   *
   * @param requests the connection's requests by sequence, the same each time they are asked for
   */
  ProtocolClient newClient(LongFunction<Request> requests);
}
