package dev.tidepool.echo;

import dev.tidepool.echo.cli.EventLoopsConverter;
import dev.tidepool.echo.protocol.EchoProtocol;
import dev.tidepool.echo.server.ServerConfig;
import dev.tidepool.echo.transport.Transport;
import dev.tidepool.echo.transport.TransportChoice;
import dev.tidepool.echo.transport.TransportUnavailableException;
import java.net.InetSocketAddress;
import picocli.CommandLine.Option;

/** The options of every command that runs a server. */
final class ServerOptions {
  @Option(
      names = "--protocol",
      paramLabel = "PROTOCOL",
      description =
          "framed: 4-byte length and payload, 16 MiB at most; raw: RFC 862. Default: framed")
  EchoProtocol protocol = EchoProtocol.FRAMED;

  @Option(
      names = "--transport",
      paramLabel = "TRANSPORT",
      description =
          "${COMPLETION-CANDIDATES}; auto: epoll where it is there, else nio. Default: auto")
  TransportChoice transport = TransportChoice.AUTO;

  @Option(
      names = "--event-loops",
      paramLabel = "N",
      converter = EventLoopsConverter.class,
      description = "event-loop threads, 0 for Netty's default. Default: 0")
  int eventLoops;

  Transport resolveTransport() throws TransportUnavailableException {
    return transport.resolve();
  }

  ServerConfig config(InetSocketAddress address, Transport resolved) {
    return new ServerConfig(address, protocol, resolved, eventLoops);
  }
}
