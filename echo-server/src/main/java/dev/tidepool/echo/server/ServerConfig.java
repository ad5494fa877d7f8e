package dev.tidepool.echo.server;

import dev.tidepool.echo.protocol.Protocol;
import dev.tidepool.echo.tls.ServerTls;
import dev.tidepool.echo.transport.Transport;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The address, protocol, transport and event loops of a server.
 *
 * @param address port 0 stands for any free one
 * @param eventLoops 0 leaves their number to Netty
 * @param tls null: none
 */
public record ServerConfig(
    InetSocketAddress address,
    Protocol protocol,
    Transport transport,
    int eventLoops,
    @Nullable ServerTls tls) {

  /** Without TLS. */
  public ServerConfig(
      InetSocketAddress address, Protocol protocol, Transport transport, int eventLoops) {
    this(address, protocol, transport, eventLoops, null);
  }
}
