package dev.tidepool.echo.protocol.http2;

import static dev.tidepool.echo.testing.TestClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tidepool.echo.protocol.Protocol;
import dev.tidepool.echo.protocol.http.HttpProtocol;
import dev.tidepool.echo.server.ServedSummary;
import dev.tidepool.echo.testing.TestServer;
import dev.tidepool.echo.testing.TlsClient;
import dev.tidepool.echo.tls.ServerTls;
import dev.tidepool.echo.tls.TlsProvider;
import dev.tidepool.echo.transport.TransportChoice;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * HTTP/2 clients of others: the JDK's by ALPN, and curl, h2load and nghttp where they are there.
 */
class Http2ForeignClientsTest {
  private static final byte[] BODY = bytes(300_000, 9);
  private static final Protocol PROTOCOL = new Http2Protocol();

  /** HTTP/1.1 and HTTP/2 on one port. */
  private static final Protocol BOTH = new HttpProtocol();

  @TempDir private Path directory;

  static Stream<Arguments> serversOverTls() {
    return Stream.of(TlsProvider.values())
        .flatMap(
            provider ->
                Stream.of(PROTOCOL, BOTH).map(protocol -> Arguments.of(provider, protocol)));
  }

  static Stream<Protocol> servers() {
    return Stream.of(PROTOCOL, BOTH);
  }

  @ParameterizedTest
  @MethodSource("serversOverTls")
  void theJdksClient(TlsProvider provider, Protocol protocol) throws Exception {
    try (TestServer server = tls(provider, protocol)) {
      HttpClient client = HttpClient.newBuilder().sslContext(TlsClient.insecure()).build();
      URI uri = URI.create("https://localhost:" + server.address().getPort() + "/");
      HttpRequest get = HttpRequest.newBuilder(uri).build();
      HttpResponse<byte[]> page = client.send(get, BodyHandlers.ofByteArray());
      assertThat(page.version()).isEqualTo(Version.HTTP_2);
      assertThat(page.statusCode()).isEqualTo(200);
      List<CompletableFuture<HttpResponse<byte[]>>> responses = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        HttpRequest post =
            HttpRequest.newBuilder(uri).POST(BodyPublishers.ofByteArray(BODY)).build();
        responses.add(client.sendAsync(post, BodyHandlers.ofByteArray()));
      }
      for (CompletableFuture<HttpResponse<byte[]>> response : responses) {
        HttpResponse<byte[]> answer = response.get(20, TimeUnit.SECONDS);
        assertThat(answer.version()).isEqualTo(Version.HTTP_2);
        assertThat(answer.body()).isEqualTo(BODY);
      }
      assertThat(assertGood(server).requests()).isEqualTo(21);
    }
  }

  @ParameterizedTest
  @MethodSource("servers")
  void curl(Protocol protocol) throws Exception {
    try (TestServer server = TestServer.arena(protocol, TransportChoice.AUTO)) {
      Path file = Files.write(directory.resolve("body"), BODY);
      String url = "http://127.0.0.1:" + server.address().getPort() + "/";
      byte[] echo = run("curl", "-sS", "--http2-prior-knowledge", "--data-binary", "@" + file, url);
      assertThat(echo).isEqualTo(BODY);
      String head = text(run("curl", "-sSI", "--http2-prior-knowledge", url));
      assertThat(head).startsWith("HTTP/2 200").contains("content-length: ");
      assertGood(server);
    }
  }

  @Test
  void curlOverTls() throws Exception {
    try (TestServer server = tls(TlsProvider.JDK, PROTOCOL)) {
      Path file = Files.write(directory.resolve("body"), BODY);
      String url = "https://127.0.0.1:" + server.address().getPort() + "/";
      assertThat(run("curl", "-sSk", "--http2", "--data-binary", "@" + file, url)).isEqualTo(BODY);
      assertGood(server);
    }
  }

  @ParameterizedTest
  @MethodSource("servers")
  void h2load(Protocol protocol) throws Exception {
    try (TestServer server = TestServer.arena(protocol, TransportChoice.AUTO)) {
      Path file = Files.write(directory.resolve("body"), bytes(2_000, 4));
      String url = "http://127.0.0.1:" + server.address().getPort() + "/";
      String out = text(run("h2load", "-n500", "-c5", "-m10", "-d", file.toString(), url));
      assertThat(out).contains("500 succeeded, 0 failed, 0 errored");
      assertThat(assertGood(server).bytes()).isEqualTo(500 * 2_000);
    }
  }

  /** ALPN lets the client choose, and so does the port without TLS. */
  @Test
  void http1OnTheSamePort() throws Exception {
    Path file = Files.write(directory.resolve("body"), BODY);
    try (TestServer server = tls(TlsProvider.JDK, BOTH)) {
      String url = "https://127.0.0.1:" + server.address().getPort() + "/";
      assertThat(text(run("curl", "-sSkI", "--http1.1", url))).startsWith("HTTP/1.1 200");
      assertThat(text(run("curl", "-sSkI", "--http2", url))).startsWith("HTTP/2 200");
      assertThat(run("curl", "-sSk", "--http1.1", "--data-binary", "@" + file, url))
          .isEqualTo(BODY);
      assertGood(server);
    }
    try (TestServer server = TestServer.arena(BOTH, TransportChoice.AUTO)) {
      String url = "http://127.0.0.1:" + server.address().getPort() + "/";
      assertThat(text(run("curl", "-sSI", url))).startsWith("HTTP/1.1 200");
      assertThat(run("curl", "-sS", "--data-binary", "@" + file, url)).isEqualTo(BODY);
      assertGood(server);
    }
  }

  @Test
  void nghttp() throws Exception {
    try (TestServer server = TestServer.arena(PROTOCOL, TransportChoice.AUTO)) {
      Path file = Files.write(directory.resolve("body"), BODY);
      String url = "http://127.0.0.1:" + server.address().getPort() + "/";
      assertThat(run("nghttp", "-d", file.toString(), url)).isEqualTo(BODY);
      assertGood(server);
    }
  }

  /** Runs a program that may not be there, and returns what it printed. */
  private byte[] run(String... command) throws Exception {
    Path errors = directory.resolve("errors");
    Process process;
    try {
      process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    } catch (IOException e) {
      assumeThat(false).as("%s on this machine: %s", command[0], e.getMessage()).isTrue();
      throw e;
    }
    byte[] out = process.getInputStream().readAllBytes();
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as("%s", Files.readString(errors)).isZero();
    return out;
  }

  private static String text(byte[] output) {
    return new String(output, StandardCharsets.UTF_8);
  }

  private static TestServer tls(TlsProvider provider, Protocol protocol) throws IOException {
    return TestServer.arena(
        protocol,
        TransportChoice.AUTO,
        ServerTls.selfSigned(provider, protocol.applicationProtocols(), TestServer.PATIENCE));
  }

  private static ServedSummary assertGood(TestServer server) {
    ServedSummary served = server.stop();
    assertThat(served.errors()).isZero();
    assertThat(served.memory().used()).isZero();
    server.assertNoMoreFaults();
    return served;
  }
}
