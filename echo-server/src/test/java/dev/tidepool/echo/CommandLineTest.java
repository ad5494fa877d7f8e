package dev.tidepool.echo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.echo.protocol.FramedProtocol;
import dev.tidepool.echo.protocol.Protocol;
import dev.tidepool.echo.protocol.Protocols;
import dev.tidepool.echo.protocol.RawProtocol;
import dev.tidepool.echo.testing.ScriptedServer;
import dev.tidepool.echo.testing.TestServer;
import dev.tidepool.echo.transport.TransportChoice;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command lines of load and demo: their output and exit codes. */
class CommandLineTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return TidepoolEcho.commandLine(
            new PrintWriter(out, true), new PrintWriter(err, true), new ShutdownSignal())
        .execute(args);
  }

  private int load(int port, String... args) {
    Stream<String> command =
        Stream.of(
            "load", "--quiet", "--port", String.valueOf(port), "--event-loops", "1", "--seed", "1");
    return run(Stream.concat(command, Stream.of(args)).toArray(String[]::new));
  }

  @ParameterizedTest
  @MethodSource("dev.tidepool.echo.protocol.Protocols#all")
  void allEchoesRight(Protocol protocol) throws Exception {
    try (TestServer server = TestServer.arena(protocol, TransportChoice.AUTO)) {
      int exit = load(server.address().getPort(), "-n", "100", "--protocol", protocol.name());
      assertThat(exit).isZero();
      assertThat(out.toString())
          .contains("seed 1")
          .contains("100 answered in")
          .contains("requests/s")
          .contains("MiB/s")
          .containsPattern("p50 +[0-9.]+ .s +50\\b")
          .containsPattern("bytes mismatched +0")
          .containsPattern("errors +0\\b");
      assertThat(err.toString()).isEmpty();
    }
  }

  @Test
  void aDurationEndsTheLoad() throws Exception {
    try (TestServer server = TestServer.arena(new FramedProtocol(), TransportChoice.AUTO)) {
      assertThat(load(server.address().getPort(), "-d", "100ms", "-p", "1")).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 4, 1000, 9_999})
  void oneFlippedByteIsFound(int position) throws Exception {
    try (ScriptedServer server = ScriptedServer.flippingByte(position)) {
      int exit = load(server.port(), "-n", "50", "-c", "1", "--data-size", "1000");
      assertThat(exit).isEqualTo(3);
      assertThat(out.toString())
          .contains("connection 0: echo of request " + position / 1004 + " differs")
          .contains("byte " + position % 1004 + " of 1004")
          .containsPattern("bytes mismatched +1\\b");
    }
  }

  @Test
  void aByteThatWasNotSentIsAWrongAnswer() throws Exception {
    try (ScriptedServer server = ScriptedServer.addingAByteAfter(104)) {
      int exit = load(server.port(), "-n", "2", "-c", "1", "--data-size", "100", "-p", "1");
      assertThat(exit).isEqualTo(3);
      assertThat(out.toString()).containsPattern("bytes mismatched +2\\b");
    }
  }

  @Test
  void aServerThatClosesEarlyIsAnError() throws Exception {
    try (ScriptedServer server = ScriptedServer.closingAfter(5000)) {
      int exit = load(server.port(), "-n", "50", "-c", "1", "--data-size", "1000");
      assertThat(exit).isEqualTo(1);
      assertThat(out.toString()).containsPattern("the first +connection 0: ");
    }
  }

  @Test
  void aServerThatNeverAnswersIsAnError() throws Exception {
    try (ScriptedServer server = ScriptedServer.silent()) {
      int exit = load(server.port(), "-n", "5", "-c", "1", "--request-timeout", "100ms");
      assertThat(exit).isEqualTo(1);
      assertThat(out.toString()).contains("no echo of request 0 within 100 ms");
    }
  }

  @Test
  void aRefusedConnectionIsAnError() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    assertThat(load(port, "-n", "1")).isEqualTo(1);
    assertThat(err.toString())
        .contains("cannot connect to 127.0.0.1:" + port)
        .contains("Connection refused");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "load --port 65536",
        "load --port x",
        "load --duration 10",
        "load --port 0",
        "load --duration -1s",
        "load --duration 0s",
        "load --duration 9999999h",
        "load --duration 501h",
        "load --duration 999999999h",
        "load --connect-timeout 1000h",
        "load --connect-timeout 0ms",
        "load --request-timeout 999999999h",
        "load -c 1000000 -p 1000000",
        "load --greedy 0",
        "load --idle 0",
        "load --rate 0",
        "load --rate -1",
        "load --rate fast",
        "load -t -1",
        "load --warmup 1",
        "load --ramp-up -1s",
        "load --timeout 0s",
        "load --connect-rate 0",
        "load --channel-lifetime 0s",
        "load --slow-readers 0%",
        "load --slow-readers 100%",
        "load --read-rate 0",
        "load --abort 100%",
        "load --abort 0.0%",
        "load --transport kqueue",
        "load --pattern proxy",
        "load --pattern socket-proxy --data-size 1K",
        "load --host=",
        "load --data-size=",
        "serve --host=",
        "serve --drain-timeout 999999999h",
        "serve --port=",
        "demo --duration 999999999h",
        "demo -c 4000 -p 4000",
        "demo --connect-timeout 1000h",
        "load --requests 0",
        "load --connections 0",
        "load --pipeline 0",
        "load --data-size 17M",
        "load --data-size 4K..1K",
        "load --data-size 0 --protocol raw",
        "load --seed x",
        "load --protocol udp",
        "load --request-timeout 0s",
        "load --event-loops -1",
        "load --no-such-option",
        "load --output xml",
        "load --threshold p99<2",
        "load --threshold intended.p99<2ms",
        "load --server-page ftp://127.0.0.1",
        "load --server-page 127.0.0.1:7080",
        "report",
        "report --threshold fast one.hlog",
        "serve --allocator heap",
        "serve --allocator java.lang.String",
        "compare --allocators connection,heap",
        "compare --scenarios framed,none",
        "compare --cores 1",
        "compare --rounds 0",
        "compare --rate 0",
        "compare --duration 0s",
        "demo --allocator heap",
        "serve --transport kqueue",
        "serve --drain-timeout soon",
        "demo --duration 0s",
        "demo stray",
        "nonsense",
        ""
      })
  void wrongUsage(String line) {
    assertThat(run(line.isEmpty() ? new String[0] : line.split(" "))).isEqualTo(2);
    assertThat(err.toString()).isNotBlank();
    assertThat(out.toString()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "--read-rate 1K | '--read-rate' was given without '--slow-readers', expected it too",
        "--slow-readers 10% -c 1 | '--slow-readers' was given with 1 connection, expected 2",
        "--tls-provider jdk | '--tls-provider' was given without '--tls', expected it too",
        "--insecure | '--insecure' was given without '--tls', expected it too",
        "--cacert ca.pem | '--cacert' was given without '--tls', expected it too",
        "--tui --quiet | '--tui' and '--quiet' were both given, expected one"
      })
  void anOptionThatWouldDoNothingIsRefused(String options, String problem) {
    assertThat(run(("load " + options).split(" "))).isEqualTo(2);
    assertThat(err.toString()).contains(problem);
    assertThat(out.toString()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"serve", "demo"})
  void theHelpDescribesEveryProtocol(String command) {
    assertThat(run(command, "--help")).isZero();
    String help = out.toString().replaceAll("\\s+", " ");
    for (Protocol protocol : Protocols.all()) {
      assertThat(help).contains(protocol.name() + ": " + protocol.description());
    }
    assertThat(help).contains("Default: framed");
  }

  @Test
  void theNameOfAProtocolMayBeInUpperCase() throws Exception {
    try (TestServer server = TestServer.arena(new RawProtocol(), TransportChoice.AUTO)) {
      assertThat(load(server.address().getPort(), "-n", "10", "--protocol", "RAW")).isZero();
    }
  }

  @Test
  void anUnknownProtocolIsRefusedWithTheNamesOfAll() {
    assertThat(run("load", "--protocol", "udp")).isEqualTo(2);
    List<String> names = Protocols.all().stream().map(Protocol::name).toList();
    assertThat(names).contains("framed", "raw");
    assertThat(err.toString())
        .contains("expected one of " + names + " (case-insensitive) but was 'udp'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"arena", "POOLED", "io.netty.buffer.UnpooledByteBufAllocator"})
  void theDemoRunsWithOtherAllocators(String allocator) {
    int exit = run("demo", "-d", "100ms", "-c", "2", "--allocator", allocator);
    assertThat(err.toString()).isEmpty();
    assertThat(exit).isZero();
    assertThat(out.toString().toLowerCase(Locale.ROOT))
        .contains(allocator.toLowerCase(Locale.ROOT) + " allocator")
        .doesNotContain("arenas did")
        .containsPattern("after shutdown +[0-9,.]+ (bytes|kib|mib)");
  }

  @ParameterizedTest
  @MethodSource("dev.tidepool.echo.protocol.Protocols#all")
  void theDemoSpeaksEveryProtocol(Protocol protocol) {
    int exit = run("demo", "-d", "300ms", "-c", "2", "--protocol", protocol.name());
    assertThat(err.toString()).isEmpty();
    assertThat(exit).isZero();
    assertThat(out.toString())
        .contains("(" + protocol.name() + " protocol, ")
        .containsPattern("bytes mismatched +0")
        .containsPattern("all 2 +[1-9]")
        .contains("after shutdown    0 bytes: every byte went back");
  }

  @ParameterizedTest
  @EnumSource(TransportChoice.class)
  void theDemoPrintsItsSummary(TransportChoice transport) {
    int exit =
        run("demo", "-d", "2500ms", "-c", "3", "--seed", "5", "--transport", transport.toString());
    assertThat(err.toString()).isEmpty();
    assertThat(exit).isZero();
    assertThat(out.toString())
        .contains("3 connections, each with 4 requests under way")
        .containsPattern("1 s +[0-9,]+ req/s")
        .containsPattern("bytes mismatched +0")
        .containsPattern("server's CPU +[0-9.,]+ µs a request")
        .containsPattern("peak a request +blocks now +stragglers")
        .containsPattern("all 3 +[1-9]")
        .containsPattern("at the peak +[1-9]")
        .containsPattern("leaked buffers +0")
        .contains("after shutdown    0 bytes: every byte went back");
  }
}
