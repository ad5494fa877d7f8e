package dev.tidepool.echo.server;

import dev.tidepool.echo.protocol.EchoProtocol;
import dev.tidepool.echo.transport.Transport;
import java.net.InetSocketAddress;

/**
 * Where and how a server listens.
 *
 * @param address port 0 stands for any free one
 * @param eventLoops 0 leaves their number to Netty
 */
public record ServerConfig(
    InetSocketAddress address, EchoProtocol protocol, Transport transport, int eventLoops) {}
