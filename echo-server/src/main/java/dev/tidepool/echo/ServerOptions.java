package dev.tidepool.echo;

import dev.tidepool.allocator.Recording;
import dev.tidepool.echo.cli.Converters;
import dev.tidepool.echo.live.LeakLog;
import dev.tidepool.echo.protocol.Protocol;
import dev.tidepool.echo.protocol.Protocols;
import dev.tidepool.echo.server.AllocatorChoice;
import dev.tidepool.echo.server.EchoServer;
import dev.tidepool.echo.server.ServerConfig;
import dev.tidepool.echo.server.ServerMemory;
import dev.tidepool.echo.tls.ClientTls;
import dev.tidepool.echo.transport.Transport;
import dev.tidepool.echo.transport.TransportChoice;
import dev.tidepool.echo.transport.TransportUnavailableException;
import dev.tidepool.echo.trouble.TroubleMaker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of every command that runs a server. */
final class ServerOptions {
  @Option(
      names = "--protocol",
      paramLabel = "PROTOCOL",
      converter = Converters.ProtocolName.class,
      completionCandidates = Converters.ProtocolName.class,
      defaultValue = Protocols.DEFAULT,
      description = "${bundle:protocols}. Default: ${DEFAULT-VALUE}")
  Protocol protocol;

  @Option(
      names = "--transport",
      paramLabel = "TRANSPORT",
      description =
          "${COMPLETION-CANDIDATES}; auto: epoll where it is there, else nio. Default: auto")
  TransportChoice transport = TransportChoice.AUTO;

  @Option(
      names = "--allocator",
      paramLabel = "ALLOCATOR",
      converter = Converters.AllocatorName.class,
      completionCandidates = Converters.AllocatorName.class,
      description =
          "${COMPLETION-CANDIDATES}, or a class on the class path that has a public constructor"
              + " or a field DEFAULT; connection: an arena for each connection; arena: the shared"
              + " allocator of the arenas alone. Default: connection")
  AllocatorChoice allocator = AllocatorChoice.CONNECTION;

  @Option(
      names = "--event-loops",
      paramLabel = "N",
      converter = Converters.EventLoops.class,
      description = "event-loop threads, 0 for Netty's default. Default: 0")
  int eventLoops;

  @Option(
      names = "--recording",
      paramLabel = "BUFFERS",
      description =
          "${COMPLETION-CANDIDATES}: of which buffers reports say where they were allocated;"
              + " sampled is one in 128. Default: off")
  Recording recording = Recording.OFF;

  @Mixin final ServerTlsOptions tls = new ServerTlsOptions();

  Transport resolveTransport() throws TransportUnavailableException {
    return transport.resolve();
  }

  /** The server as the target of trouble from this process, whose clients trust any certificate. */
  TroubleMaker.Target target(
      EchoServer server,
      ServerMemory memory,
      LeakLog leaks,
      InetSocketAddress address,
      Transport resolved)
      throws IOException {
    InetAddress host = address.getAddress();
    return new TroubleMaker.Target(
        server,
        memory,
        leaks,
        host.isAnyLocalAddress()
            ? new InetSocketAddress(InetAddress.getLoopbackAddress(), address.getPort())
            : address,
        protocol,
        resolved,
        tls.tls ? ClientTls.insecure(tls.provider, protocol.clientApplicationProtocols()) : null);
  }

  ServerConfig config(InetSocketAddress address, Transport resolved) throws IOException {
    return new ServerConfig(address, protocol, resolved, eventLoops, tls.resolve(protocol));
  }
}
