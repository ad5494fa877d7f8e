package dev.tidepool.echo.tls;

import static dev.tidepool.echo.testing.TestClient.bytes;
import static dev.tidepool.echo.testing.TestClient.frame;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidepool.echo.protocol.FramedProtocol;
import dev.tidepool.echo.server.ServedSummary;
import dev.tidepool.echo.testing.TestClient;
import dev.tidepool.echo.testing.TestServer;
import dev.tidepool.echo.testing.TlsClient;
import dev.tidepool.echo.transport.TransportChoice;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What is no TLS, or no longer, ends the connection that it came on, with one line that says why;
 * the server and the other connections go on, and all memory comes back.
 */
class TlsHostileTest {
  private static final byte[] FRAME = frame(bytes(3000, 1));

  /** A handshake record that promises 512 bytes, and the first of them. */
  private static final byte[] HALF_HELLO =
      HexFormat.of().parseHex("1603010200010001fc0303a1a2a3a4a5a6a7a8");

  /** What a hostile client does. */
  @FunctionalInterface
  private interface Hostility {
    void inflict(TestServer server) throws IOException;
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void plainText(TlsProvider provider) throws Exception {
    assertThat(
            survive(provider, server -> send(server, "GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII))))
        .contains(
            provider == TlsProvider.JDK // OpenSSL does not say
                ? "input is no TLS record (it begins with 0x474554202f204854), expected TLS"
                : "input is no TLS record, expected TLS");
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void aMebibyteOfGarbage(TlsProvider provider) throws Exception {
    byte[] garbage = new byte[1 << 20];
    Arrays.fill(garbage, (byte) 0x7f);
    assertThat(survive(provider, server -> send(server, garbage)))
        .contains("input is no TLS record")
        .hasSizeLessThan(200);
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void halfAHelloAndAnEnd(TlsProvider provider) throws Exception {
    assertThat(
            survive(
                provider,
                server -> {
                  try (TestClient hostile = new TestClient(server.address())) {
                    hostile.send(HALF_HELLO);
                    hostile.endOutput();
                    hostile.assertClosedInTheEnd();
                  }
                }))
        .contains("TLS failed: input ended before the handshake did");
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void aHandshakeThatNeverEnds(TlsProvider provider) throws Exception {
    assertThat(
            survive(
                provider,
                Duration.ofMillis(1500),
                server -> {
                  try (TestClient hostile = new TestClient(server.address())) {
                    hostile.send(HALF_HELLO);
                    hostile.assertClosedInTheEnd();
                  }
                }))
        .contains("TLS handshake timed out after 1500ms");
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void aVersionThatIsTooOld(TlsProvider provider) throws Exception {
    byte[] hello = // TLS 1.0, one cipher suite
        HexFormat.of()
            .parseHex(
                "160301002d010000290301" + "5a".repeat(32) + "00" + "0002002f" + "0100" + "0000");
    assertThat(survive(provider, server -> send(server, hello))).contains("TLS failed: ");
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void garbageAfterTheHandshake(TlsProvider provider) throws Exception {
    assertThat(
            survive(
                provider,
                server -> {
                  TlsClient hostile = new TlsClient(server.address());
                  hostile.assertEchoes(FRAME);
                  byte[] record = new byte[5 + 600];
                  System.arraycopy(new byte[] {0x17, 3, 3, 2, 0x58}, 0, record, 0, 5);
                  hostile.plainOut().write(record);
                  assertThatThrownBy(() -> hostile.in().read()).isInstanceOf(IOException.class);
                }))
        .contains("TLS failed: ");
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void aClientThatDoesNotTrustTheCertificate(TlsProvider provider) throws Exception {
    assertThat(
            survive(
                provider,
                server ->
                    assertThatThrownBy(() -> verifyingLoad(server))
                        .hasMessageContaining("unable to find valid certification path")))
        .contains("TLS failed: ");
  }

  private static void verifyingLoad(TestServer server) throws IOException {
    TlsLoads.run(
        server, new FramedProtocol(), ClientTls.verifying(TlsProvider.JDK, null, List.of()));
  }

  @Test
  void aPortCheckIsNoFault() throws Exception {
    try (TestServer server =
        TestServer.arena(new FramedProtocol(), TransportChoice.AUTO, tls(TlsProvider.JDK))) {
      try (TestClient check = new TestClient(server.address())) {
        check.endOutput();
        check.assertClosedInTheEnd();
      }
      ServedSummary served = server.stop();
      assertThat(served.connections()).isEqualTo(1);
      assertThat(served.errors()).isZero();
      server.assertNoMoreFaults();
    }
  }

  @Test
  void tlsOnAPlainPort() throws Exception {
    try (TestServer server = TestServer.arena(new FramedProtocol(), TransportChoice.AUTO)) {
      TlsClient client = new TlsClient(server.address());
      assertThatThrownBy(client::handshake).isInstanceOf(IOException.class);
      assertThat(server.nextFault()).contains("frame length 3692");
      assertThatThrownBy(() -> TlsLoads.run(server, new FramedProtocol(), TlsLoads.insecure()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cannot connect to 127.0.0.1");
    }
  }

  private static void send(TestServer server, byte[] bytes) throws IOException {
    try (TestClient hostile = new TestClient(server.address())) {
      hostile.send(bytes);
      hostile.endOutputIfOpen();
      hostile.assertClosedInTheEnd();
    } catch (IOException e) { // closed before all was sent
      assertThat(e).hasMessageMatching("(?i).*(reset|broken).*");
    }
  }

  private static ServerTls tls(TlsProvider provider) throws IOException {
    return ServerTls.selfSigned(provider, List.of(), TestServer.PATIENCE);
  }

  private static String survive(TlsProvider provider, Hostility hostility) throws Exception {
    return survive(provider, TestServer.PATIENCE, hostility);
  }

  private static String survive(
      TlsProvider provider, Duration handshakeTimeout, Hostility hostility) throws Exception {
    ServerTls tls = ServerTls.selfSigned(provider, List.of(), handshakeTimeout);
    try (TestServer server = TestServer.arena(new FramedProtocol(), TransportChoice.AUTO, tls);
        TlsClient good = new TlsClient(server.address())) {
      good.assertEchoes(FRAME);

      hostility.inflict(server);
      String line = server.nextFault();

      good.assertEchoes(FRAME);
      good.leave();
      ServedSummary served = server.stop();
      assertThat(served.errors()).isEqualTo(1);
      assertThat(served.memory().used()).isZero();
      server.assertNoMoreFaults();
      assertThat(line).contains("connection 127.0.0.1:").endsWith("; closed");
      return line;
    }
  }
}
