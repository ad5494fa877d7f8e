package dev.tidepool.echo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.echo.load.ErrorCause;
import dev.tidepool.echo.load.LoadClient;
import dev.tidepool.echo.load.LoadResult;
import dev.tidepool.echo.testing.ForeignServer;
import dev.tidepool.echo.testing.TestServer;
import dev.tidepool.echo.tls.ServerTls;
import dev.tidepool.echo.tls.TlsProvider;
import dev.tidepool.echo.transport.TransportChoice;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Loads on servers that are not this project's, by their URLs. */
class ForeignServerLoadTest {
  private static final long REQUESTS = 200;

  /** What load takes of a command line for its target. */
  @Command
  private static final class Load {
    @Mixin private final TargetOptions target = new TargetOptions();
    @Mixin private final LoadOptions options = new LoadOptions();
    @Mixin private final ClientTlsOptions tls = new ClientTlsOptions();
  }

  /** A load of {@link #REQUESTS} on two connections. */
  private static LoadResult load(String... args) throws Exception {
    Load load = new Load();
    new CommandLine(load).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(args);
    LoadTarget target = load.target.resolve();
    load.options.connections = 2;
    var settings =
        load.options
            .settings(
                target.address(),
                target.protocol(),
                load.tls.resolve(target.protocol(), target.isTls()))
            .requests(REQUESTS)
            .threads(1)
            .timeout(TestServer.PATIENCE)
            .build();
    try (LoadClient client = new LoadClient(settings, TransportChoice.NIO.resolve())) {
      client.connect();
      return client.run().join();
    }
  }

  private static void assertAllAnswered(LoadResult load) {
    assertThat(load.errors()).as("%s", load.failure()).isEmpty();
    assertThat(load.answered()).isEqualTo(REQUESTS);
    assertThat(load.sent()).isEqualTo(REQUESTS);
  }

  private static ServerTls tls(String... applicationProtocols) throws Exception {
    return ServerTls.selfSigned(
        TlsProvider.JDK, List.of(applicationProtocols), TestServer.PATIENCE);
  }

  // Answers of all kinds

  @ParameterizedTest
  @CsvSource({
    "/fixed, GET, 1000",
    "/fixed, HEAD, 0",
    "/fixed, DELETE, 1000",
    "/chunked, GET, 1400",
    "/none, GET, 0",
    "/moved, GET, 0",
    "/interim, GET, 1000",
  })
  void everyAnswerOfHttp1(String path, String method, long bytes) throws Exception {
    try (ForeignServer server = ForeignServer.http1()) {
      String url = server.url("http", path);
      LoadResult load = load(url, "-X", method, "-p", "3", "--verify=length");
      assertAllAnswered(load);
      assertThat(load.bytesUnverified()).isEqualTo(bytes);
      assertThat(load.bytesVerified()).isZero();
      assertThat(server.connections()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/fixed, GET, 1000",
    "/fixed, HEAD, 0",
    "/none, GET, 0",
    "/moved, GET, 0",
    "/interim, GET, 1000",
  })
  void everyAnswerOfHttp2(String path, String method, long bytes) throws Exception {
    try (ForeignServer server = ForeignServer.http2()) {
      String url = server.url("http", path);
      LoadResult load = load(url, "--protocol", "h2", "-X", method, "--verify=length");
      assertAllAnswered(load);
      assertThat(load.bytesUnverified()).isEqualTo(bytes);
      assertThat(server.connections()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "h2"})
  void methodAndHeadersArrive(String protocol) throws Exception {
    String expected = "PURGE other own";
    try (ForeignServer server = server(protocol)) {
      LoadResult load =
          load(
              server.url("http", "/method"),
              "--protocol",
              protocol,
              "-X",
              "PURGE",
              "-H",
              "X-Own: own",
              "-H",
              "Host: other");
      assertAllAnswered(load);
      assertThat(load.bytesUnverified()).isEqualTo(REQUESTS * expected.length());
    }
  }

  private static ForeignServer server(String protocol) {
    return protocol.equals("h2") ? ForeignServer.http2() : ForeignServer.http1();
  }

  // Bodies

  @ParameterizedTest
  @CsvSource({"http, POST", "http, PUT", "h2, POST", "h2, PATCH"})
  void generatedBodiesAreVerified(String protocol, String method) throws Exception {
    try (ForeignServer server = server(protocol)) {
      LoadResult load =
          load(
              server.url("http", "/echo"),
              "--protocol",
              protocol,
              "-X",
              method,
              "--data-size=0,1,1000",
              "--verify=full");
      assertAllAnswered(load);
      assertThat(load.bytesVerified()).isBetween(20_000L, 180_000L);
      assertThat(load.bytesUnverified()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "h2"})
  void aBodyFromAFileIsVerified(String protocol, @TempDir Path directory) throws Exception {
    Path body = Files.writeString(directory.resolve("body"), "a body of 20 bytes: ");
    try (ForeignServer server = server(protocol)) {
      String url = server.url("http", "/echo");
      LoadResult load =
          load(url, "--protocol", protocol, "--body", body.toString(), "--verify=full");
      assertAllAnswered(load);
      assertThat(load.bytesVerified()).isEqualTo(20 * REQUESTS);
    }
  }

  @Test
  void webSocketsAreVerified() throws Exception {
    try (ForeignServer server = ForeignServer.http1()) {
      LoadResult load = load(server.url("ws", "/socket"), "-H", "X-Own: own", "--data-size=1..2K");
      assertAllAnswered(load);
      assertThat(load.bytesVerified()).isPositive();
    }
  }

  // TLS

  @ParameterizedTest
  @CsvSource({"https, http", "https, h2", "wss, ws"})
  void overTls(String scheme, String protocol) throws Exception {
    boolean isHttp2 = protocol.equals("h2");
    ServerTls tls = isHttp2 ? tls("h2") : tls("http/1.1");
    try (ForeignServer server = isHttp2 ? ForeignServer.http2(tls) : ForeignServer.http1(tls)) {
      String url = server.url(scheme, scheme.equals("wss") ? "/socket" : "/fixed");
      assertAllAnswered(load(url, "--protocol", protocol, "--insecure"));
    }
  }

  @Test
  void aCertificateThatIsNotTrustedIsRefused() throws Exception {
    try (ForeignServer server = ForeignServer.http1(tls())) {
      assertThat(run(server.url("https", "/fixed"), "-n", "1")).isEqualTo(1);
      assertThat(err.toString()).contains("cannot connect to ").contains("certification path");
    }
  }

  // The end of connections

  @ParameterizedTest
  @CsvSource({"/few, 1", "/few, 7", "/old, 1", "/old, 3", "/endless, 1", "/endless, 3"})
  void aConnectionThatTheServerEndsIsReplaced(String path, String pipeline) throws Exception {
    try (ForeignServer server = ForeignServer.http1()) {
      assertAllAnswered(load(server.url("http", path), "-p", pipeline));
      long answersEach = path.equals("/few") ? 5 : 1;
      assertThat(server.connections()).isGreaterThanOrEqualTo((int) (REQUESTS / answersEach));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "30"})
  void aConnectionOfHttp2ThatTheServerEndsIsReplaced(String pipeline) throws Exception {
    try (ForeignServer server = ForeignServer.http2()) {
      assertAllAnswered(load(server.url("http", "/few"), "--protocol", "h2", "-p", pipeline));
      assertThat(server.connections()).isGreaterThan(2);
    }
  }

  @Test
  void aConnectionThatTheRequestEndsIsReplaced() throws Exception {
    try (ForeignServer server = ForeignServer.http1()) {
      assertAllAnswered(load(server.url("http", "/fixed"), "-H", "Connection: close", "-p", "3"));
      assertThat(server.connections()).isGreaterThanOrEqualTo((int) REQUESTS);
    }
  }

  // Errors

  @ParameterizedTest
  @CsvSource({"/failing, http", "/missing, http", "/failing, h2", "/missing, h2"})
  void statusesAreCountedAndTheConnectionsGoOn(String path, String protocol) throws Exception {
    try (ForeignServer server = server(protocol)) {
      LoadResult load = load(server.url("http", path), "--protocol", protocol);
      assertThat(load.errors()).isEqualTo(Map.of(ErrorCause.STATUS, REQUESTS));
      assertThat(load.answered()).isZero();
      assertThat(server.connections()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/closing, CLOSED",
    "/nonsense, PROTOCOL",
    "/growing, MISMATCH",
  })
  void errorsAreCountedAndTheLoadGoesOn(String path, ErrorCause cause) throws Exception {
    try (ForeignServer server = ForeignServer.http1()) {
      LoadResult load = load(server.url("http", path), "--verify=length");
      assertThat(load.errors()).containsOnlyKeys(cause);
      assertThat(load.answered() + load.errorCount()).isEqualTo(REQUESTS);
      assertThat(load.answered()).isGreaterThan(2);
      assertThat(server.connections()).isGreaterThan(2);
    }
  }

  @Test
  void nothingIsVerifiedIfItIsOff() throws Exception {
    try (ForeignServer server = ForeignServer.http1()) {
      assertAllAnswered(load(server.url("http", "/failing"), "--verify=off"));
    }
  }

  // The command

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return TidepoolEcho.commandLine(
            new PrintWriter(out, true), new PrintWriter(err, true), new ShutdownSignal())
        .execute(Stream.concat(Stream.of("load"), Stream.of(args)).toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource({
    "/fixed, status, 0",
    "/echo, full, 0",
    "/failing, off, 0",
    "/failing, status, 1",
    "/flipping, full, 3",
    "/growing, length, 3"
  })
  void exitCodes(String path, String verification, int exitCode) {
    try (ForeignServer server = ForeignServer.http1()) {
      String url = server.url("http", path);
      assertThat(run(url, "-n", "20", "-c", "1", "--verify", verification))
          .as("%s%n%s", out, err)
          .isEqualTo(exitCode);
      assertThat(out.toString()).contains(url);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "http://h/ --host x, Option '--host' was given with a URL",
    "http://h/ --port 1, Option '--port' was given with a URL",
    "ftp://h/, 'with http, https, ws or wss'",
    "http://h/ --protocol ws, 'expected http or h2 with a URL of http'",
    "http://h/ --protocol framed, 'expected http or h2 with a URL of http'",
    "ws://h/ --protocol http, expected ws with a URL of ws",
    "ws://h/ --verify=status, expected full with a WebSocket's URL",
    "ws://h/ -X GET, Option '--method' was given with a WebSocket's URL",
    "http://h/ --verify=some, expected one of",
    "http://h/ -X CONNECT, is not a method for a load",
    "http://h/ -X G=T, is not a method for a load",
    "http://h/ -X GET --verify=full, was given with method GET",
    "http://h/ -X GET --data-size 1K, expected a method with a generated body",
    "http://h/ -H stray, is not a header",
    "http://h/ -H Content-Length:1, a header that the load sets by itself",
    "http://h/ -H Transfer-Encoding:gzip, expected chunked",
    "http://h/ --protocol h2 -H Connection:close, none of the connection with h2",
    "http://h/ --tls, 'Option ''--tls'' was given with a URL of http'",
    "-X GET, Option '--method' was given with no URL",
    "--verify=off, Option '--verify' was given with no URL",
    "-H a:b, Option '--header' was given with no URL",
    "--body x, Option '--body' was given with no URL",
  })
  void wrongUsage(String args, String why) {
    assertThat(run(args.split(" "))).as("%s%n%s", out, err).isEqualTo(2);
    assertThat(err.toString()).contains(why);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aBodyThatCannotBeReadIsAnError(@TempDir Path directory) throws Exception {
    assertThat(run("http://127.0.0.1/", "--body", directory.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("body '" + directory + "': no such file, or not readable");
    Path large = Files.write(directory.resolve("large"), new byte[(16 << 20) + 1]);
    assertThat(run("http://127.0.0.1/", "--body", large.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("has 16777217 bytes, expected 16777216 at most");
  }
}
