package dev.tidepool.echo.protocol.http2;

import static dev.tidepool.echo.testing.Http2RawClient.CONTINUATION;
import static dev.tidepool.echo.testing.Http2RawClient.DATA;
import static dev.tidepool.echo.testing.Http2RawClient.END_HEADERS;
import static dev.tidepool.echo.testing.Http2RawClient.END_STREAM;
import static dev.tidepool.echo.testing.Http2RawClient.HEADERS;
import static dev.tidepool.echo.testing.Http2RawClient.PING;
import static dev.tidepool.echo.testing.Http2RawClient.RST_STREAM;
import static dev.tidepool.echo.testing.Http2RawClient.SETTINGS;
import static dev.tidepool.echo.testing.Http2RawClient.WINDOW_UPDATE;
import static dev.tidepool.echo.testing.Http2RawClient.frame;
import static dev.tidepool.echo.testing.Http2RawClient.hex;
import static dev.tidepool.echo.testing.Http2RawClient.number;
import static dev.tidepool.echo.testing.Http2RawClient.post;
import static dev.tidepool.echo.testing.Http2RawClient.request;
import static dev.tidepool.echo.testing.Http2RawClient.setting;
import static dev.tidepool.echo.testing.TestClient.bytes;
import static dev.tidepool.echo.testing.TestClient.concat;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.echo.server.ServedSummary;
import dev.tidepool.echo.testing.Http2RawClient;
import dev.tidepool.echo.testing.Http2RawClient.Frame;
import dev.tidepool.echo.testing.TestServer;
import dev.tidepool.echo.transport.TransportChoice;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/**
 * HTTP/2 that is wrong, or too much, ends the connection that it came on, by GOAWAY with the right
 * code and with one line that says why; other connections go on, and all memory comes back.
 */
class Http2HostileTest {
  private static final int NO_ERROR = 0;
  private static final int PROTOCOL_ERROR = 1;
  private static final int FLOW_CONTROL_ERROR = 3;
  private static final int FRAME_SIZE_ERROR = 6;
  private static final int REFUSED_STREAM = 7;
  private static final int COMPRESSION_ERROR = 9;
  private static final int ENHANCE_YOUR_CALM = 11;

  /** A client that does not read does not see its GOAWAY. */
  private static final int GOAWAY_OR_END = -1;

  private static final byte[] BODY = bytes(3000, 1);
  private static final long SERVER_MAY_HOLD = 8L << 20;

  /** What a hostile client does on its connection. */
  @FunctionalInterface
  private interface Hostility {
    void inflict(Http2RawClient hostile) throws IOException;
  }

  @Test
  void http1() throws Exception {
    try (TestServer server = server();
        Http2RawClient client = new Http2RawClient(server.address())) {
      client.send("GET / HTTP/1.1\r\nHost: tidepool\r\n\r\n".getBytes(US_ASCII));
      assertThat(server.nextFault()).contains("PROTOCOL_ERROR: Unexpected HTTP/1.x request: GET /");
      client.assertGoesAway(PROTOCOL_ERROR);
      assertMemory(server, 1);
    }
  }

  @Test
  void aPrefaceThatIsNone() throws Exception {
    try (TestServer server = server();
        Http2RawClient client = new Http2RawClient(server.address())) {
      client.send("PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n".getBytes(US_ASCII));
      assertThat(server.nextFault()).contains("HTTP/2 client preface string missing or corrupt");
      client.assertGoesAway(PROTOCOL_ERROR);
      assertMemory(server, 1);
    }
  }

  @Test
  void aFrameThatIsTooLarge() throws Exception {
    String line =
        survive(FRAME_SIZE_ERROR, hostile -> hostile.send(frame(DATA, 0, 1, new byte[16_385])));
    assertThat(line).contains("16385");
  }

  @Test
  void dataOfNoStream() throws Exception {
    survive(PROTOCOL_ERROR, hostile -> hostile.send(frame(DATA, 0, 0, BODY)));
  }

  @Test
  void anIndexThatTheTableDoesNotHave() throws Exception {
    survive(
        COMPRESSION_ERROR, hostile -> hostile.send(frame(HEADERS, END_HEADERS, 3, hex("ffff03"))));
  }

  /** An entry of 4,000 bytes in the table, referred to a thousand times: decoded to 4 MB. */
  @Test
  void hpackBomb() throws Exception {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    block.writeBytes(request("GET"));
    block.writeBytes(hex("400161" + "7fa11e")); // a literal for the table: a, of 4,000 bytes
    block.writeBytes("x".repeat(4_000).getBytes(US_ASCII));
    for (int i = 0; i < 1_000; i++) {
      block.write(0xbe); // the newest entry of the table
    }
    try (TestServer server = server();
        Http2RawClient client = Http2RawClient.open(server.address())) {
      client.send(frame(HEADERS, END_HEADERS | END_STREAM, 1, block.toByteArray()));
      assertThat(new String(client.await(HEADERS).payload(), US_ASCII)).contains("431");
      client.assertEchoes(3, BODY);
      assertMemory(server, 0);
    }
  }

  @Test
  void aHeaderBlockThatIsFarTooLong() throws Exception {
    byte[] most = new byte[16_000];
    String line =
        survive(
            PROTOCOL_ERROR,
            hostile -> {
              hostile.send(frame(HEADERS, END_STREAM, 3, request("GET")));
              repeat(3, i -> hostile.send(frame(CONTINUATION, 0, 3, most)));
            });
    assertThat(line).contains("Header size exceeded max allowed size");
  }

  @Test
  void headersThatNeverEnd() throws Exception {
    String line =
        survive(
            ENHANCE_YOUR_CALM,
            hostile -> {
              hostile.send(frame(HEADERS, END_STREAM, 3, request("GET")));
              repeat(100, i -> hostile.send(frame(CONTINUATION, 0, 3)));
            });
    assertThat(line).contains("small consecutive continuations");
  }

  @Test
  void rapidReset() throws Exception {
    String line =
        survive(
            ENHANCE_YOUR_CALM,
            hostile ->
                repeat(
                    300,
                    i -> {
                      int stream = 3 + 2 * i;
                      hostile.send(post(stream, false), frame(RST_STREAM, 0, stream, number(8)));
                    }));
    assertThat(line).contains("number of RST frames reached");
  }

  @Test
  void emptyDataForever() throws Exception {
    String line =
        survive(
            ENHANCE_YOUR_CALM,
            hostile -> {
              hostile.send(post(3, false));
              repeat(50, i -> hostile.send(frame(DATA, 0, 3)));
            });
    assertThat(line).contains("empty data frames");
  }

  @Test
  void pingsWithoutEnd() throws Exception {
    String line = survive(GOAWAY_OR_END, hostile -> flood(hostile, frame(PING, 0, 0, new byte[8])));
    assertThat(line).contains("1000 of outstanding control frames");
  }

  @Test
  void settingsWithoutEnd() throws Exception {
    String line =
        survive(GOAWAY_OR_END, hostile -> flood(hostile, frame(SETTINGS, 0, 0, setting(3, 100))));
    assertThat(line).contains("1000 of outstanding control frames");
  }

  @Test
  void aWindowThatIsTooLarge() throws Exception {
    survive(
        FLOW_CONTROL_ERROR,
        hostile -> {
          byte[] most = frame(WINDOW_UPDATE, 0, 0, number(Integer.MAX_VALUE));
          hostile.send(most, most);
        });
  }

  /** Streams whose echo may not be sent take what the windows allow, and not a byte more. */
  @Test
  void moreThanTheWindowAllows() throws Exception {
    try (TestServer server = server();
        Http2RawClient hostile = Http2RawClient.open(server.address(), setting(4, 0))) {
      int stream = fillWindows(hostile);
      hostile.awaitPing();
      assertThat(server.memory().used()).isLessThan(SERVER_MAY_HOLD);

      hostile.send(post(stream, false));
      repeat(5, i -> hostile.send(frame(DATA, 0, stream, new byte[16_384])));
      assertThat(server.nextFault()).contains("closed");
      hostile.assertGoesAway(FLOW_CONTROL_ERROR);
      assertMemory(server, 1);
    }
  }

  @Test
  void windowsThatAreFullWhenTheClientBreaksOff() throws Exception {
    try (TestServer server = server();
        Http2RawClient hostile = Http2RawClient.open(server.address(), setting(4, 0))) {
      fillWindows(hostile);
      hostile.awaitPing(); // else the kernel may drop what the server has not read
      hostile.reset();
      assertThat(server.nextFault()).contains("open streams");
      assertMemory(server, 1);
    }
  }

  private static int fillWindows(Http2RawClient client) throws IOException {
    int stream = 1;
    for (int i = 0; i < Codecs.CONNECTION_WINDOW / 16_384 / 3; i++, stream += 2) {
      client.send(post(stream, false));
      for (int part = 0; part < 3; part++) {
        client.send(frame(DATA, 0, stream, new byte[16_384]));
      }
    }
    return stream;
  }

  @Test
  void oneStreamTooManyIsRefused() throws Exception {
    try (TestServer server = server();
        Http2RawClient client = Http2RawClient.open(server.address())) {
      repeat(Codecs.MAX_STREAMS + 1, i -> client.send(post(1 + 2 * i, false)));
      Frame refused = client.await(RST_STREAM);
      assertThat(refused.stream()).isEqualTo(1 + 2 * Codecs.MAX_STREAMS);
      assertThat(refused.error()).isEqualTo(REFUSED_STREAM);
      client.send(frame(DATA, END_STREAM, 1, BODY));
      assertThat(client.awaitEcho(1)).isEqualTo(BODY);
    }
  }

  @Test
  void headersThatAreTooLongAreAnsweredBy431() throws Exception {
    byte[] name = hex("000161" + "7fe17b"); // a literal of 16,000 bytes
    byte[] value = "x".repeat(16_000).getBytes(US_ASCII);
    byte[] block = concat(request("GET"), concat(name, value));
    byte[] more = hex("000161" + "7f9103"); // and one of 528
    try (TestServer server = server();
        Http2RawClient client = Http2RawClient.open(server.address())) {
      client.send(
          frame(HEADERS, END_STREAM, 1, block),
          frame(CONTINUATION, END_HEADERS, 1, concat(more, new byte[528])));
      Frame head = client.await(HEADERS);
      assertThat(head.stream()).isEqualTo(1);
      assertThat(new String(head.payload(), US_ASCII)).contains("431");
      client.assertEchoes(3, BODY);
    }
  }

  @Test
  void aBodyOfAnotherLengthEndsItsStreamAlone() throws Exception {
    try (TestServer server = server();
        Http2RawClient client = Http2RawClient.open(server.address())) {
      byte[] tenBytes = hex("0f0d023130"); // content-length: 10
      client.send(
          frame(HEADERS, END_HEADERS, 1, concat(request("POST"), tenBytes)),
          frame(DATA, END_STREAM, 1, BODY));
      assertThat(client.await(RST_STREAM).error()).isEqualTo(PROTOCOL_ERROR);
      assertThat(server.nextFault()).contains(": stream 1: ").endsWith("; only that ended");
      client.assertEchoes(3, BODY);
    }
  }

  @Test
  void anIdleConnectionGetsAGoAwayWhenTheServerStops() throws Exception {
    try (TestServer server = server();
        Http2RawClient client = Http2RawClient.open(server.address())) {
      client.assertEchoes(1, BODY);
      assertMemory(server, 0);
      client.assertGoesAway(NO_ERROR);
    }
  }

  /** What is done so many times. */
  @FunctionalInterface
  private interface Step {
    void take(int i) throws IOException;
  }

  private static void repeat(int times, Step step) throws IOException {
    try {
      for (int i = 0; i < times; i++) {
        step.take(i);
      }
    } catch (IOException e) { // closed already
      assertThat(e).hasMessageMatching("(?i).*(reset|broken).*");
    }
  }

  /** Sends far more than the server may hold, in large pieces, and does not read. */
  private static void flood(Http2RawClient hostile, byte[] frame) throws IOException {
    ByteArrayOutputStream many = new ByteArrayOutputStream();
    for (int i = 0; i < 20_000; i++) {
      many.writeBytes(frame);
    }
    repeat(60, i -> hostile.send(many.toByteArray()));
  }

  private static TestServer server() throws IOException {
    return TestServer.arena(new Http2Protocol(), TransportChoice.AUTO);
  }

  private static String survive(int error, Hostility hostility) throws Exception {
    try (TestServer server = server();
        Http2RawClient good = Http2RawClient.open(server.address());
        Http2RawClient hostile = Http2RawClient.open(server.address())) {
      good.assertEchoes(1, BODY);
      hostile.assertEchoes(1, BODY);

      hostility.inflict(hostile);
      String line = server.nextFault();
      if (error == GOAWAY_OR_END) {
        hostile.assertEnds();
      } else {
        hostile.assertGoesAway(error);
      }

      good.assertEchoes(3, BODY);
      assertMemory(server, 1);
      assertThat(line).contains("connection 127.0.0.1:").endsWith("; closed");
      return line;
    }
  }

  private static void assertMemory(TestServer server, int errors) {
    ServedSummary served = server.stop();
    assertThat(served.errors()).isEqualTo(errors);
    assertThat(served.memory().used()).isZero();
    assertThat(served.memory().arenas().peak()).isLessThan(SERVER_MAY_HOLD);
    server.assertNoMoreFaults();
  }
}
