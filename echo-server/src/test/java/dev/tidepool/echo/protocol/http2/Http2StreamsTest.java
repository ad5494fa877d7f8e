package dev.tidepool.echo.protocol.http2;

import static dev.tidepool.echo.testing.Http2RawClient.DATA;
import static dev.tidepool.echo.testing.Http2RawClient.END_HEADERS;
import static dev.tidepool.echo.testing.Http2RawClient.END_STREAM;
import static dev.tidepool.echo.testing.Http2RawClient.HEADERS;
import static dev.tidepool.echo.testing.Http2RawClient.PING;
import static dev.tidepool.echo.testing.Http2RawClient.RST_STREAM;
import static dev.tidepool.echo.testing.Http2RawClient.WINDOW_UPDATE;
import static dev.tidepool.echo.testing.Http2RawClient.frame;
import static dev.tidepool.echo.testing.Http2RawClient.number;
import static dev.tidepool.echo.testing.Http2RawClient.post;
import static dev.tidepool.echo.testing.Http2RawClient.request;
import static dev.tidepool.echo.testing.Http2RawClient.setting;
import static dev.tidepool.echo.testing.TestClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.echo.load.LoadClient;
import dev.tidepool.echo.load.LoadResult;
import dev.tidepool.echo.load.LoadSettings;
import dev.tidepool.echo.load.SizeMix;
import dev.tidepool.echo.load.SizeMix.SizeRange;
import dev.tidepool.echo.server.ArenaSummary.Arena;
import dev.tidepool.echo.server.ServedSummary;
import dev.tidepool.echo.testing.Http2RawClient;
import dev.tidepool.echo.testing.Http2RawClient.Frame;
import dev.tidepool.echo.testing.TestServer;
import dev.tidepool.echo.transport.TransportChoice;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many streams on a connection, streams that are cancelled, and clients that read slowly. */
class Http2StreamsTest {
  private static final byte[] BODY = bytes(30_000, 3);
  private static final int CANCEL = 8;

  @ParameterizedTest
  @EnumSource(TransportChoice.class)
  void aThousandStreamsOnOneConnection(TransportChoice transport) throws Exception {
    try (TestServer server = TestServer.arena(new Http2Protocol(), transport)) {
      SizeMix sizes = new SizeMix("1..2000", List.of(new SizeRange(1, 2000)));
      LoadSettings settings =
          LoadSettings.builder(server.address(), new Http2Protocol())
              .connections(1)
              .requests(3_000L)
              .sizes(sizes)
              .pipeline(1_000)
              .seed(7)
              .threads(1)
              .connectTimeout(TestServer.PATIENCE)
              .timeout(TestServer.PATIENCE)
              .build();
      LoadResult load;
      try (LoadClient client = new LoadClient(settings, TransportChoice.NIO.resolve())) {
        client.connect();
        load = client.run().join();
      }
      assertThat(load.failure()).isNull();
      assertThat(load.answered()).isEqualTo(3_000);
      assertThat(assertGood(server).bytes()).isEqualTo(load.bytesVerified());
    }
  }

  @Test
  void streamsThatAreCancelledHalfWayHoldNothing() throws Exception {
    try (TestServer server = server();
        Http2RawClient client = Http2RawClient.open(server.address(), setting(4, 0))) {
      for (int stream = 1; stream < 200; stream += 2) {
        client.send(post(stream, false), frame(DATA, 0, stream, new byte[8_000]));
      }
      client.awaitPing();
      assertThat(server.memory().used()).isGreaterThan(700_000);
      for (int stream = 1; stream < 200; stream += 2) {
        client.send(frame(RST_STREAM, 0, stream, number(CANCEL)));
      }
      client.awaitPing();
      TestServer.await("no blocks held by cancelled streams", () -> leasedBlocks(server) == 0);
      client.disconnect();
      assertGood(server);
    }
  }

  /** What the connection's window counts of a cancelled stream comes back. */
  @Test
  void cancelledStreamsGiveTheirWindowBack() throws Exception {
    try (TestServer server = server();
        Http2RawClient client = Http2RawClient.open(server.address(), setting(4, 0))) {
      int stream = 1;
      for (int sent = 0; sent < 3 * Codecs.CONNECTION_WINDOW; sent += 16_384, stream += 2) {
        client.send(
            post(stream, false),
            frame(DATA, 0, stream, new byte[16_384]),
            frame(RST_STREAM, 0, stream, number(CANCEL)));
      }
      assertThat(stream / 2).isLessThan(200); // resets that a client may send
      client.awaitPing();
      client.disconnect();
      assertGood(server);
    }
  }

  /** Ten bytes at a time. */
  @Test
  void aSlowReaderGetsItsAll() throws Exception {
    byte[] body = Arrays.copyOf(BODY, 1_000);
    try (TestServer server = server();
        Http2RawClient client = Http2RawClient.open(server.address(), setting(4, 10))) {
      client.send(post(1, false), frame(DATA, END_STREAM, 1, body));
      ByteArrayOutputStream echo = new ByteArrayOutputStream();
      Frame frame = client.await(DATA);
      while (true) {
        assertThat(frame.payload().length).isLessThanOrEqualTo(10);
        echo.write(frame.payload());
        if (frame.endsStream()) {
          break;
        }
        client.send(frame(WINDOW_UPDATE, 0, 1, number(10)));
        frame = client.await(DATA);
      }
      assertThat(echo.toByteArray()).isEqualTo(body);
      client.disconnect();
      assertGood(server);
    }
  }

  /** The server opens a stream's window by what it has echoed, and not before. */
  @Test
  void theWindowOpensAsTheEchoIsWritten() throws Exception {
    try (TestServer server = server();
        Http2RawClient client = Http2RawClient.open(server.address(), setting(4, 0))) {
      client.send(post(1, false));
      for (int i = 0; i < 3; i++) {
        client.send(frame(DATA, 0, 1, new byte[16_000]));
      }
      client.send(frame(PING, 0, 0, new byte[8]));
      Frame pong =
          client.await(f -> f.type() == PING || (f.type() == WINDOW_UPDATE && f.stream() == 1));
      assertThat(pong.type()).as("no window update before the echo").isEqualTo(PING);

      client.send(frame(WINDOW_UPDATE, 0, 1, number(48_000)));
      client.await(f -> f.type() == WINDOW_UPDATE && f.stream() == 1);
      client.send(frame(RST_STREAM, 0, 1, number(CANCEL)));
      client.awaitPing();
      client.disconnect();
      assertGood(server);
    }
  }

  @Test
  void trailersEndAnEcho() throws Exception {
    try (TestServer server = server();
        Http2RawClient client = Http2RawClient.open(server.address())) {
      byte[] trailer = Http2RawClient.hex("0001610162"); // a: b
      client.send(
          post(1, false),
          frame(DATA, 0, 1, new byte[] {1, 2, 3}),
          frame(HEADERS, END_HEADERS | END_STREAM, 1, trailer));
      assertThat(client.awaitEcho(1)).containsExactly(1, 2, 3);
      client.disconnect();
      assertThat(assertGood(server).bytes()).isEqualTo(3);
    }
  }

  @Test
  void theBodyOfAGetIsNotEchoed() throws Exception {
    try (TestServer server = server();
        Http2RawClient client = Http2RawClient.open(server.address())) {
      client.send(
          frame(HEADERS, END_HEADERS, 1, request("GET")),
          frame(DATA, 0, 1, new byte[10_000]),
          frame(DATA, END_STREAM, 1, new byte[10_000]));
      assertThat(client.awaitEcho(1)).isEqualTo(Responses.page());
      client.disconnect();
      assertGood(server);
    }
  }

  private static int leasedBlocks(TestServer server) {
    return server.server().arenas().arenas().stream().mapToInt(Arena::leasedBlocks).sum();
  }

  private static TestServer server() throws IOException {
    return TestServer.arena(new Http2Protocol(), TransportChoice.AUTO);
  }

  private static ServedSummary assertGood(TestServer server) {
    ServedSummary served = server.stop();
    assertThat(served.errors()).isZero();
    assertThat(served.memory().used()).isZero();
    server.assertNoMoreFaults();
    return served;
  }
}
