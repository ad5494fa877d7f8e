package dev.tidepool.echo.server;

import dev.tidepool.echo.protocol.Protocol;
import dev.tidepool.echo.transport.Transport;
import java.net.InetSocketAddress;

/**
 * The address, protocol, transport and event loops of a server.
 *
 * @param address port 0 stands for any free one
 * @param eventLoops 0 leaves their number to Netty
 */
public record ServerConfig(
    InetSocketAddress address, Protocol protocol, Transport transport, int eventLoops) {}
