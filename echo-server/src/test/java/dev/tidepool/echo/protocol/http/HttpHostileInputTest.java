package dev.tidepool.echo.protocol.http;

import static dev.tidepool.echo.testing.TestClient.bytes;
import static dev.tidepool.echo.testing.TestClient.concat;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.echo.server.ServedSummary;
import dev.tidepool.echo.testing.TestClient;
import dev.tidepool.echo.testing.TestServer;
import dev.tidepool.echo.transport.TransportChoice;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Requests that are none, or that two parties could read in two ways: each is answered with its
 * status if it can be, is one line in the log, and ends its connection and no other.
 */
class HttpHostileInputTest {
  private static final long HARD_BUDGET = 256 << 10;
  private static final byte[] GOOD =
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc".getBytes(ISO_8859_1);
  private static final byte[] GOOD_ANSWER =
      "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabc".getBytes(ISO_8859_1);
  private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\n";
  private static final String CHUNKED = POST + "Transfer-Encoding: chunked\r\n\r\n";
  private static final String ECHO_BEGUN = "HTTP/1.1 200 OK";

  private static final long SEED = Long.getLong("tidepool.seed", 20_26);
  private static final int GARBAGE = 300;

  /**
   * A bad input.
   *
   * @param answer how the answer begins; empty: there is none
   * @param line what the log says
   */
  private record Bad(String input, String answer, String line) {}

  private static Bad status(int status, String input, String line) {
    return new Bad(input, "HTTP/1.1 " + status + " ", line);
  }

  private static List<Bad> oversized() {
    return List.of(
        status(414, "GET /" + "a".repeat(5000) + " HTTP/1.1\r\n", "larger than 4096 bytes"),
        status(414, "a".repeat(5000), "larger than 4096 bytes"),
        status(431, POST + "A: " + "a".repeat(9000), "larger than 8192 bytes"),
        status(431, POST + "A: a\r\n".repeat(3000) + "\r\n", "larger than 8192 bytes"),
        status(431, POST + "A: a\r\n".repeat(120) + "\r\n", "121 header fields, expected 100"));
  }

  private static List<Bad> ambiguous() {
    return List.of(
        status(400, POST + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", "Content-L"),
        status(400, POST + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", "Content-Length"),
        status(400, POST + "Content-Length: 3, 4\r\n\r\nabcd", "Content-Length"),
        status(400, POST + "Content-Length: +3\r\n\r\nabc", "bad request"),
        status(400, POST + "Content-Length: -3\r\n\r\nabc", "bad request"),
        status(400, POST + "Content-Length: 0x3\r\n\r\nabc", "bad request"),
        status(400, POST + "Content-Length: 99999999999999999999\r\n\r\n", "bad request"),
        status(400, POST + "Transfer-Encoding: chunked, identity\r\n\r\n", "must be the last"),
        status(400, POST + "Transfer-Encoding: chunked, chunked\r\n\r\n", "more than once"),
        status(400, POST + "Transfer-Encoding: identity\r\n\r\n", "must be chunked"),
        status(501, POST + "Transfer-Encoding: gzip, chunked\r\n\r\n", "'gzip, chunked', expected"),
        status(400, POST + "Transfer-Encoding : chunked\r\n\r\n", "bad request"),
        status(400, "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", "only allowed in"),
        status(400, POST + "A: b\r\n c: d\r\n\r\n", "begins with white space, expected a field"),
        status(400, POST + "A: b\r\n\tc\r\n\r\n", "begins with white space"),
        status(400, POST + " A: b\r\n\r\n", "begins with white space"),
        status(400, "\r\n\r\n" + POST + "A: b\r\n c: d\r\n\r\n", "begins with white space"));
  }

  /** HTTP/2's preface, which begins HTTP/2 where it comes first. */
  private static final Bad LATE_PREFACE =
      status(505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "HTTP/2.0, expected HTTP/1.1 or 1.0");

  private static List<Bad> malformed() {
    return List.of(
        status(400, POST + "A: b\nC: d\r\n\r\n", "bad request"),
        status(400, "GET / HTTP/1.1\nHost: a\n\n", "bad request"),
        status(400, POST + "A: b\u0000c\r\n\r\n", "bad request"),
        status(400, POST + "A\u0000: b\r\n\r\n", "bad request"),
        status(400, POST + "no colon\r\n\r\n", "No colon"),
        status(400, "G@T / HTTP/1.1\r\nHost: a\r\n\r\n", "bad request"),
        status(400, "GET /\r\n\r\n", "bad request"),
        status(400, "GET / HTTX/1.1\r\n\r\n", "bad request"),
        status(505, "GET / HTTP/2.0\r\nHost: a\r\n\r\n", "HTTP/2.0, expected HTTP/1.1 or 1.0"),
        LATE_PREFACE,
        status(400, "GET / HTTP/1.1\r\n\r\n", "0 Host fields, expected one"),
        status(400, "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "2 Host fields, expected one"),
        status(400, "GET stray HTTP/1.1\r\nHost: a\r\n\r\n", "'stray', expected a path"));
  }

  private static Bad midBody(String input, String line) {
    return new Bad(input, ECHO_BEGUN, line);
  }

  private static List<Bad> badBodies() {
    return List.of(
        midBody(CHUNKED + "xyz\r\n", "bad request"),
        midBody(CHUNKED + "\r\n", "Empty chunk size"),
        midBody(CHUNKED + "-1\r\n", "Invalid character in chunk size"),
        midBody(CHUNKED + "80000000\r\n", "Chunk size overflow"),
        midBody(CHUNKED + "ffffffffffffffffffff\r\n", "Chunk size overflow"),
        midBody(CHUNKED + "3\nabc\r\n0\r\n\r\n", "bad request"),
        midBody(CHUNKED + "3\r\nabcdef\r\n", "bad request"),
        midBody(CHUNKED + "3;" + "a".repeat(9000), "larger than 4096 bytes"),
        midBody(CHUNKED + "3;a=\"b\r\nabc\r\n", "bad request"),
        midBody(CHUNKED + "0\r\nA: " + "a".repeat(9000), "larger than 8192 bytes"));
  }

  /** These are found at the input's end. */
  private static List<Bad> cutOff() {
    return List.of(
        midBody(POST + "Content-Length: 10\r\n\r\nabc", "after 3 of the 10 bytes of a request's"),
        midBody(CHUNKED + "5\r\nabc", "input ended after 3 bytes of a chunked body, expected the"),
        midBody(CHUNKED + "3\r\nabc\r\n", "input ended after 3 bytes of a chunked body"),
        midBody(CHUNKED + "3\r\nabc\r\n0\r\n", "input ended after 3 bytes of a chunked body"),
        new Bad("GE", "", "input ended after a part of a request's head, expected the whole"),
        status(400, "GET / HTTP/1.1\r\nHost", "Connection closed before received headers"));
  }

  private static List<Bad> all() {
    List<Bad> all = new ArrayList<>();
    List.of(oversized(), ambiguous(), malformed(), badBodies(), cutOff()).forEach(all::addAll);
    return all;
  }

  @ParameterizedTest
  @EnumSource(TransportChoice.class)
  void badInputEndsItsOwnConnection(TransportChoice transport) throws Exception {
    try (TestServer server = server(transport);
        TestClient good = new TestClient(server.address())) {
      List<Bad> first = all();
      first.remove(LATE_PREFACE);
      for (Bad bad : first) {
        assertRefused(server, bad, new byte[0]);
        assertServed(good);
      }
      end(server, good, first.size(), 1 + first.size());
    }
  }

  /** The good answers in front arrive, whatever comes behind in the same breath. */
  @ParameterizedTest
  @EnumSource(TransportChoice.class)
  void requestsInFrontAreAnswered(TransportChoice transport) throws Exception {
    try (TestServer server = server(transport);
        TestClient good = new TestClient(server.address())) {
      for (Bad bad : all()) {
        assertRefused(server, bad, GOOD);
      }
      assertServed(good);
      end(server, good, all().size(), 1 + all().size());
    }
  }

  private static TestServer server(TransportChoice transport) throws IOException {
    ArenaByteBufAllocator allocator =
        ArenaByteBufAllocator.builder().hardBudget(HARD_BUDGET).build();
    return new TestServer(new HttpProtocol(), allocator, transport, 1);
  }

  private static void assertRefused(TestServer server, Bad bad, byte[] inFront) throws Exception {
    try (TestClient hostile = new TestClient(server.address())) {
      hostile.send(concat(inFront, bad.input().getBytes(ISO_8859_1)));
      if (cutOff().contains(bad)) {
        hostile.endOutput();
      }
      String answer = new String(hostile.receiveAll(), ISO_8859_1);
      String expected = (inFront.length > 0 ? new String(GOOD_ANSWER, ISO_8859_1) : "");
      assertThat(answer).as(bad.input()).startsWith(expected + bad.answer());
      assertThat(answer).as("no whole echo of " + bad.input()).doesNotContain("\r\n0\r\n\r\n");
      assertThat(server.nextFault()).contains(bad.line()).endsWith("; closed");
    }
  }

  private static void assertServed(TestClient good) throws IOException {
    good.send(GOOD);
    assertThat(good.receive(GOOD_ANSWER.length)).isEqualTo(GOOD_ANSWER);
  }

  private static void end(TestServer server, TestClient good, long errors, long connections)
      throws IOException {
    good.leave();
    ServedSummary served = server.stop();
    assertThat(served.errors()).isEqualTo(errors);
    assertThat(served.connections()).isEqualTo(connections);
    assertThat(served.memory().used()).isZero();
    assertThat(served.memory().arenas().peak()).isLessThan(4 * HARD_BUDGET);
    assertThat(served.memory().arenas().leaks()).isZero();
    server.assertNoMoreFaults();
  }

  /** A head that arrives byte by byte is read as one that arrives at once. */
  @ParameterizedTest
  @EnumSource(TransportChoice.class)
  void oneByteAtATime(TransportChoice transport) throws Exception {
    try (TestServer server = server(transport);
        TestClient good = new TestClient(server.address());
        TestClient hostile = new TestClient(server.address())) {
      for (byte next : GOOD) {
        good.send(new byte[] {next});
      }
      assertThat(good.receive(GOOD_ANSWER.length)).isEqualTo(GOOD_ANSWER);
      for (byte next : (POST + "A: b\r\n ").getBytes(ISO_8859_1)) {
        hostile.send(new byte[] {next});
      }
      assertThat(new String(hostile.receiveAll(), ISO_8859_1)).startsWith("HTTP/1.1 400 ");
      assertThat(server.nextFault()).contains("begins with white space");
      end(server, good, 1, 2);
    }
  }

  /** Good requests with wrong bytes in them, and bytes that were never meant to be any. */
  @ParameterizedTest
  @EnumSource(TransportChoice.class)
  void randomGarbage(TransportChoice transport) throws Exception {
    System.out.println("random garbage, " + transport + ", seed " + SEED);
    Random random = new Random(SEED);
    try (TestServer server = server(transport);
        TestClient good = new TestClient(server.address())) {
      for (int i = 0; i < GARBAGE; i++) {
        try (TestClient hostile = new TestClient(server.address())) {
          hostile.send(garbage(random));
          hostile.endOutputIfOpen();
          hostile.receiveAll();
        }
        assertServed(good);
      }
      good.leave();
      ServedSummary served = server.stop();
      assertThat(served.connections()).isEqualTo(1 + GARBAGE);
      assertThat(served.errors()).isBetween(GARBAGE / 2L, (long) GARBAGE);
      assertThat(served.memory().used()).isZero();
      assertThat(served.memory().arenas().leaks()).isZero();
    }
  }

  private static byte[] garbage(Random random) {
    if (random.nextInt(4) == 0) {
      return bytes(1 + random.nextInt(20_000), random.nextLong());
    }
    List<Bad> all = all();
    byte[] input = all.get(random.nextInt(all.size())).input().getBytes(ISO_8859_1);
    byte[] mutated = random.nextBoolean() ? concat(GOOD, input) : concat(input, GOOD);
    for (int left = 1 + random.nextInt(5); left > 0; left--) {
      mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
    }
    return mutated;
  }
}
