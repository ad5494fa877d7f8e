package dev.tidepool.echo.server;

import static dev.tidepool.echo.testing.TestClient.bytes;
import static dev.tidepool.echo.testing.TestClient.concat;
import static dev.tidepool.echo.testing.TestClient.frame;
import static dev.tidepool.echo.testing.TestClient.length;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.echo.protocol.FramedProtocol;
import dev.tidepool.echo.testing.TestClient;
import dev.tidepool.echo.testing.TestServer;
import dev.tidepool.echo.transport.TransportChoice;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Bad input ends the connection that it came on, with one line that says why; the server and the
 * other connections go on, and all memory comes back.
 */
class HostileInputTest {
  private static final byte[] GOOD_FRAME = frame(bytes(1000, 1));

  /** What a hostile client does on its connection. */
  @FunctionalInterface
  private interface Hostility {
    void inflict(TestClient hostile) throws IOException;
  }

  @ParameterizedTest
  @EnumSource(TransportChoice.class)
  void negativeLength(TransportChoice transport) throws Exception {
    String line = survive(transport, hostile -> hostile.send(length(-5)));
    assertThat(line).contains("frame length -5, expected 0 to 16777216");
  }

  @ParameterizedTest
  @EnumSource(TransportChoice.class)
  void oversizedLength(TransportChoice transport) throws Exception {
    String line = survive(transport, hostile -> hostile.send(length((16 << 20) + 1)));
    assertThat(line).contains("frame length 16777217, expected 0 to 16777216");
  }

  @ParameterizedTest
  @EnumSource(TransportChoice.class)
  void garbage(TransportChoice transport) throws Exception {
    byte[] garbage = "GET / HTTP/1.1\r\nHost: tidepool\r\n\r\n".getBytes(US_ASCII);
    String line = survive(transport, hostile -> hostile.send(garbage));
    assertThat(line).contains("frame length 1195725856, expected 0 to 16777216");
  }

  @ParameterizedTest
  @EnumSource(TransportChoice.class)
  void halfAFrameAndAClose(TransportChoice transport) throws Exception {
    String line =
        survive(
            transport,
            hostile -> {
              hostile.send(concat(length(100), bytes(40, 2)));
              hostile.endOutput();
            });
    assertThat(line)
        .contains("input ended after 40 of the 100 bytes of a frame's payload, expected the whole");
  }

  @ParameterizedTest
  @EnumSource(TransportChoice.class)
  void halfALengthAndAClose(TransportChoice transport) throws Exception {
    String line =
        survive(
            transport,
            hostile -> {
              hostile.send(new byte[] {0, 0});
              hostile.endOutput();
            });
    assertThat(line).contains("input ended after 2 of the 4 bytes of a frame's length");
  }

  @ParameterizedTest
  @EnumSource(TransportChoice.class)
  void resetAmidARequest(TransportChoice transport) throws Exception {
    String line =
        survive(
            transport,
            hostile -> {
              byte[] halfFrame = concat(length(100), bytes(40, 3));
              hostile.send(concat(GOOD_FRAME, halfFrame));
              assertThat(hostile.receive(GOOD_FRAME.length)).isEqualTo(GOOD_FRAME);
              hostile.reset();
            });
    assertThat(line)
        .containsIgnoringCase("connection reset")
        .contains("40 of the 100 bytes of a frame's payload")
        .contains("expected an orderly close");
  }

  private static String survive(TransportChoice transport, Hostility hostility) throws Exception {
    try (TestServer server = TestServer.arena(new FramedProtocol(), transport);
        TestClient good = new TestClient(server.address());
        TestClient hostile = new TestClient(server.address())) {
      good.assertEchoes(GOOD_FRAME);
      hostile.assertEchoes(GOOD_FRAME);

      hostility.inflict(hostile);
      String line = server.nextFault();
      hostile.assertClosed();

      good.assertEchoes(GOOD_FRAME);
      try (TestClient late = new TestClient(server.address())) {
        late.assertEchoes(GOOD_FRAME);
      }
      good.leave();
      ServedSummary served = server.stop();
      assertThat(served.errors()).isEqualTo(1);
      assertThat(served.connections()).isEqualTo(3);
      assertThat(served.memory().used()).isZero();
      server.assertNoMoreFaults();
      assertThat(line).contains("connection 127.0.0.1:").endsWith("; closed");
      return line;
    }
  }
}
