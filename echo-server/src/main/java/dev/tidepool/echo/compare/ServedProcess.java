package dev.tidepool.echo.compare;

import dev.tidepool.echo.cli.Converters;
import dev.tidepool.echo.protocol.Protocol;
import dev.tidepool.echo.server.AllocatorChoice;
import dev.tidepool.echo.server.EchoServer;
import dev.tidepool.echo.server.FaultLog;
import dev.tidepool.echo.server.ServedSummary;
import dev.tidepool.echo.server.ServerConfig;
import dev.tidepool.echo.server.ServerFiguresSource;
import dev.tidepool.echo.server.ServerMemory;
import dev.tidepool.echo.tls.ServerTls;
import dev.tidepool.echo.tls.TlsProvider;
import dev.tidepool.echo.transport.TransportChoice;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The main class of a server's process in a comparison: one event loop with one allocator, on any
 * free loopback port. Its argument is a {@link ServedJob}. It prints a line of JSON at its start,
 * and one for each command that it reads from standard input: {@code figures}, {@code memory},
 * {@code stop}. It ends with its input.
 */
public final class ServedProcess {
  private static final Duration HANDSHAKE = Duration.ofSeconds(20);
  private static final Duration DRAIN = Duration.ofSeconds(1);

  private final EchoServer server;
  private final ServerMemory memory;
  private final ServerFiguresSource figures;

  private ServedProcess(ServedJob job) throws IOException {
    AllocatorChoice allocator = AllocatorChoice.of(job.allocator());
    Protocol protocol = protocol(job);
    memory = allocator.newMemory(options -> {});
    server =
        new EchoServer(
            new ServerConfig(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                protocol,
                TransportChoice.AUTO.resolve(),
                1,
                tls(job, protocol)),
            memory,
            FaultLog.toLogger());
    figures = server.figures(job.allocator());
  }

  private static Protocol protocol(ServedJob job) {
    Protocol protocol = new Converters.ProtocolName().convert(job.protocol());
    return job.buffersPerRequest() == 0
        ? protocol
        : new BufferWork(protocol, job.buffersPerRequest());
  }

  private static @Nullable ServerTls tls(ServedJob job, Protocol protocol) throws IOException {
    return job.tls()
        ? ServerTls.selfSigned(TlsProvider.JDK, protocol.applicationProtocols(), HANDSHAKE)
        : null;
  }

  public static void main(String[] args) throws IOException {
    ServedProcess process = new ServedProcess(Json.read(ServedJob.class, args[0]));
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    process.serve(in, out);
    System.exit(0);
  }

  private void serve(BufferedReader in, PrintStream out) throws IOException {
    out.println(Json.line(new Listening(server.start().getPort())));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      out.println(Json.line(answer(line)));
      if (line.equals("stop")) {
        return;
      }
    }
  }

  private Object answer(String command) throws IOException {
    return switch (command) {
      case "figures" -> figures.read();
      case "memory" -> new Memory(ServerMemory.resident(), memory.used());
      case "stop" -> Stopped.of(server.stop(DRAIN));
      default ->
          throw new IOException(
              "'" + command + "' is not a command, expected figures, memory or stop");
    };
  }

  /** The server listens. */
  public record Listening(int port) {}

  /** What the process and its allocator hold, -1 where that is not known. */
  public record Memory(long residentBytes, long upstreamBytes) {}

  /** The server has stopped. */
  public record Stopped(boolean kept, long errors) {
    static Stopped of(ServedSummary summary) {
      return new Stopped(summary.memory().kept(), summary.errors());
    }
  }
}
