package dev.tidepool.echo.protocol.http;

import static dev.tidepool.echo.testing.TestClient.bytes;
import static dev.tidepool.echo.testing.TestClient.concat;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.echo.server.AllocatorChoice;
import dev.tidepool.echo.server.ArenaSummary;
import dev.tidepool.echo.server.ServedSummary;
import dev.tidepool.echo.testing.TestClient;
import dev.tidepool.echo.testing.TestServer;
import dev.tidepool.echo.transport.TransportChoice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the server answers, byte for byte, on plain sockets. */
class HttpServerTest {
  private static final String PAGE_HEAD =
      "HTTP/1.1 200 OK\ncontent-type: text/plain; charset=utf-8\ncontent-length: "
          + Answers.PAGE.length()
          + "\n";

  /** A request and the right answer to it; lines end in LF here, and in CRLF on the wire. */
  private record Exchange(String request, String response) {
    byte[] sent() {
      return wire(request);
    }

    byte[] expected() {
      return wire(response);
    }
  }

  private static byte[] wire(String text) {
    return text.replace("\n", "\r\n").getBytes(ISO_8859_1);
  }

  private static String error(String status, String fields) {
    return error(status, status, fields);
  }

  private static String error(String status, String text, String fields) {
    return "HTTP/1.1 "
        + status
        + "\ncontent-type: text/plain; charset=utf-8\ncontent-length: "
        + (text.length() + 1)
        + "\n"
        + fields
        + "\n"
        + text
        + "\0";
  }

  /** After each of these the connection goes on. */
  private static List<Exchange> keptAlive() {
    String page = PAGE_HEAD + "\n" + Answers.PAGE.replace('\n', '\0');
    return List.of(
        new Exchange("GET / HTTP/1.1\nHost: a\n\n", page),
        new Exchange("GET /?q HTTP/1.1\nHost: a\n\n", page),
        new Exchange("GET http://a/ HTTP/1.1\nHost: a\n\n", page),
        new Exchange("GET HTTP://a HTTP/1.1\nHost: a\n\n", page),
        new Exchange("\n\nGET / HTTP/1.1\nHost: a\n\n", page),
        new Exchange("HEAD / HTTP/1.1\nHost: a\n\n", PAGE_HEAD + "\n"),
        new Exchange(
            "GET / HTTP/1.0\nConnection: keep-alive\n\n",
            PAGE_HEAD + "connection: keep-alive\n\n" + Answers.PAGE.replace('\n', '\0')),
        new Exchange(
            "POST /any/where HTTP/1.1\nHost: a\nContent-Length: 5\nContent-Type: a/b\n\nhello",
            "HTTP/1.1 200 OK\ncontent-type: a/b\ncontent-length: 5\n\nhello"),
        new Exchange(
            "POST / HTTP/1.1\nHost: a\nContent-Length: 0\n\n",
            "HTTP/1.1 200 OK\ncontent-length: 0\n\n"),
        new Exchange("POST / HTTP/1.1\nHost: a\n\n", "HTTP/1.1 200 OK\ncontent-length: 0\n\n"),
        new Exchange(
            "POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n3;e=1\nabc\n0\nTrailer: t\n\n",
            "HTTP/1.1 200 OK\ntransfer-encoding: chunked\n\n3\nabc\n0\n\n"),
        new Exchange(
            "POST / HTTP/1.1\nHost: a\nContent-Encoding: br\nContent-Length: 3\n\nabc",
            "HTTP/1.1 200 OK\ncontent-encoding: br\ncontent-length: 3\n\nabc"),
        new Exchange(
            "POST / HTTP/1.1\nHost: a\nContent-Length: 2\nExpect: 100-Continue\n\nhi",
            "HTTP/1.1 100 Continue\n\nHTTP/1.1 200 OK\ncontent-length: 2\n\nhi"),
        new Exchange(
            "OPTIONS * HTTP/1.1\nHost: a\n\n",
            "HTTP/1.1 204 No Content\nallow: GET, HEAD, POST, OPTIONS\n\n"),
        new Exchange(
            "OPTIONS /ws HTTP/1.1\nHost: a\n\n",
            "HTTP/1.1 204 No Content\nallow: GET, POST, OPTIONS\n\n"),
        new Exchange("GET /no HTTP/1.1\nHost: a\n\n", error("404 Not Found", "")),
        new Exchange(
            "GET /echo HTTP/1.1\nHost: a\n\n",
            error("405 Method Not Allowed", "allow: POST, OPTIONS\n")),
        new Exchange(
            "PUT / HTTP/1.1\nHost: a\nContent-Length: 4\n\nbody",
            error("405 Method Not Allowed", "allow: GET, HEAD, POST, OPTIONS\n")),
        new Exchange(
            "BREW / HTTP/1.1\nHost: a\n\n",
            error("501 Not Implemented", "501 Not Implemented: BREW", "")),
        new Exchange(
            "GET /ws HTTP/1.1\nHost: a\n\n",
            error(
                "426 Upgrade Required",
                "426 Upgrade Required: expected a WebSocket handshake of version 13",
                "upgrade: websocket\nconnection: upgrade\nsec-websocket-version: 13\n")));
  }

  /** After each of these the server closes. */
  private static List<Exchange> closed() {
    return List.of(
        new Exchange(
            "GET / HTTP/1.1\nHost: a\nConnection: close\n\nGET / HTTP/1.1\nHost: a\n\n",
            PAGE_HEAD + "connection: close\n\n" + Answers.PAGE.replace('\n', '\0')),
        new Exchange("HEAD / HTTP/1.0\n\n", PAGE_HEAD + "\n"),
        new Exchange(
            "POST / HTTP/1.0\nContent-Length: 3\nExpect: 100-continue\n\nabc",
            "HTTP/1.1 200 OK\ncontent-length: 3\n\nabc"),
        new Exchange(
            "POST / HTTP/1.1\nHost: a\nContent-Length: 3\nExpect: miracles\n\nabc",
            error(
                "417 Expectation Failed",
                "417 Expectation Failed: 'miracles'",
                "connection: close\n")),
        new Exchange(
            "PUT / HTTP/1.1\nHost: a\nContent-Length: 3\nExpect: 100-continue\n\n",
            error(
                "405 Method Not Allowed", "allow: GET, HEAD, POST, OPTIONS\nconnection: close\n")));
  }

  private static byte[] restored(byte[] expected) {
    return new String(expected, ISO_8859_1).replace('\0', '\n').getBytes(ISO_8859_1);
  }

  /** One after the other on one connection, then all at once: pipelined. */
  @ParameterizedTest
  @EnumSource(TransportChoice.class)
  void requestsAreAnsweredAsTheStandardSays(TransportChoice transport) throws Exception {
    try (TestServer server = TestServer.arena(new HttpProtocol(), transport);
        TestClient client = new TestClient(server.address())) {
      byte[] all = {};
      byte[] answers = {};
      for (Exchange exchange : keptAlive()) {
        byte[] expected = restored(exchange.expected());
        client.send(exchange.sent());
        assertThat(text(client.receive(expected.length))).isEqualTo(text(expected));
        all = concat(all, exchange.sent());
        answers = concat(answers, expected);
      }
      client.send(all);
      assertThat(text(client.receive(answers.length))).isEqualTo(text(answers));
      client.leave();
      end(server, 2L * keptAlive().size());
    }
  }

  @ParameterizedTest
  @EnumSource(TransportChoice.class)
  void theServerClosesWhereItHasTo(TransportChoice transport) throws Exception {
    try (TestServer server = TestServer.arena(new HttpProtocol(), transport)) {
      for (Exchange exchange : closed()) {
        try (TestClient client = new TestClient(server.address())) {
          client.send(exchange.sent());
          assertThat(text(client.receiveAll())).isEqualTo(text(restored(exchange.expected())));
        }
      }
      end(server, closed().size());
    }
  }

  /** A connection that is closed with input unread is reset; this one ends in good order. */
  @ParameterizedTest
  @EnumSource(TransportChoice.class)
  void aClientThatStillSendsGetsTheLastAnswer(TransportChoice transport) throws Exception {
    Exchange last = closed().get(0);
    byte[] expected = restored(last.expected());
    try (TestServer server = TestServer.arena(new HttpProtocol(), transport);
        TestClient client = new TestClient(server.address())) {
      client.send(concat(last.sent(), new byte[400_000]));
      assertThat(text(client.receive(expected.length))).isEqualTo(text(expected));
      client.assertEnd();
      client.leave();
      end(server, 1);
    }
  }

  /** The answer begins before the request is over, and the arena resets when both are. */
  @ParameterizedTest
  @EnumSource(TransportChoice.class)
  void theBodyComesBackAsItArrivesAndTheArenaResetsAtItsEnd(TransportChoice transport)
      throws Exception {
    int requests = 5;
    byte[] head = wire("HTTP/1.1 200 OK\ncontent-length: 2000\n\n");
    byte[] half = bytes(1000, 3);
    try (TestServer server = TestServer.arena(new HttpProtocol(), transport);
        TestClient client = new TestClient(server.address())) {
      for (int i = 0; i < requests; i++) {
        client.send(wire("POST / HTTP/1.1\nHost: a\nContent-Length: 2000\n\n"));
        assertThat(client.receive(head.length)).isEqualTo(head);
        client.assertEchoes(half);
        assertThat(arena(server).resets()).isEqualTo(i);
        client.assertEchoes(half);
        long resets = i + 1L;
        TestServer.await("reset " + resets, () -> arena(server).resets() == resets);
      }
      client.leave();
      end(server, requests);
    }
  }

  private static ArenaSummary.Arena arena(TestServer server) {
    return server.server().arenas().arenas().get(0);
  }

  /** Without arenas too, and with each allocator's own buffers. */
  @ParameterizedTest
  @MethodSource("dev.tidepool.echo.server.AllocatorChoice#named")
  void everyAllocatorServesIt(AllocatorChoice allocator) throws Exception {
    try (TestServer server =
            new TestServer(new HttpProtocol(), allocator, TransportChoice.AUTO, 1);
        TestClient client = new TestClient(server.address())) {
      for (Exchange exchange : keptAlive()) {
        byte[] expected = restored(exchange.expected());
        client.send(exchange.sent());
        assertThat(text(client.receive(expected.length))).isEqualTo(text(expected));
      }
      client.leave();
      assertThat(server.stop().memory().kept()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(TransportChoice.class)
  void aStoppingServerAnswersTheRequestUnderWay(TransportChoice transport) throws Exception {
    try (TestServer server = TestServer.arena(new HttpProtocol(), transport);
        TestClient idle = new TestClient(server.address());
        TestClient client = new TestClient(server.address())) {
      idle.send(wire("POST / HTTP/1.1\nHost: a\n\n"));
      byte[] empty = wire("HTTP/1.1 200 OK\ncontent-length: 0\n\n");
      assertThat(idle.receive(empty.length)).isEqualTo(empty);
      client.send(wire("POST / HTTP/1.1\nHost: a\nContent-Length: 6\n\nabc"));
      byte[] begun = wire("HTTP/1.1 200 OK\ncontent-length: 6\n\nabc");
      assertThat(client.receive(begun.length)).isEqualTo(begun);

      CompletableFuture<ServedSummary> stopping = CompletableFuture.supplyAsync(server::stop);
      idle.assertEnd();
      client.send(wire("def"));
      assertThat(client.receiveAll()).isEqualTo(wire("def"));
      client.leave();
      idle.leave();
      ServedSummary served = stopping.get(TestServer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertThat(served.errors()).isZero();
      assertThat(served.requests()).isEqualTo(2);
      assertThat(served.memory().used()).isZero();
    }
  }

  /** More than the kernel and the server's budget together can hold, unless it is passed on. */
  @ParameterizedTest
  @EnumSource(TransportChoice.class)
  void aLargeBodyIsNotHeld(TransportChoice transport) throws Exception {
    int parts = 512;
    byte[] part = bytes(64 << 10, 4);
    try (TestServer server = TestServer.arena(new HttpProtocol(), transport);
        TestClient client = new TestClient(server.address())) {
      String length = "Content-Length: " + (long) parts * part.length + "\n\n";
      client.send(wire("POST / HTTP/1.1\nHost: a\n" + length));
      byte[] head = wire("HTTP/1.1 200 OK\n" + length.replace("Content-L", "content-l"));
      assertThat(client.receive(head.length)).isEqualTo(head);
      CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> send(client, part, parts));
      List<Integer> wrong = new ArrayList<>();
      for (int i = 0; i < parts; i++) {
        if (!Arrays.equals(client.receive(part.length), part)) {
          wrong.add(i);
        }
      }
      sending.join();
      assertThat(wrong).isEmpty();
      client.leave();
      ServedSummary served = end(server, 1);
      assertThat(served.memory().arenas().peak()).isLessThan(4 << 20);
    }
  }

  private static void send(TestClient client, byte[] part, int times) {
    try {
      for (int i = 0; i < times; i++) {
        client.send(part);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, ISO_8859_1);
  }

  private static ServedSummary end(TestServer server, long requests) {
    ServedSummary served = server.stop();
    assertThat(served.requests()).isEqualTo(requests);
    assertThat(served.errors()).isZero();
    assertThat(served.memory().used()).isZero();
    assertThat(served.memory().arenas().leaks()).isZero();
    server.assertNoMoreFaults();
    return served;
  }
}
