package dev.tidepool.echo.protocol.http;

import static dev.tidepool.echo.testing.TestClient.bytes;
import static dev.tidepool.echo.testing.TestClient.concat;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.echo.server.ServedSummary;
import dev.tidepool.echo.testing.RawWebSocket;
import dev.tidepool.echo.testing.TestServer;
import dev.tidepool.echo.transport.TransportChoice;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Frames that RFC 6455 forbids: each is answered by a close frame with its status, is one line in
 * the log, and ends its connection and no other.
 */
class WebSocketHostileInputTest {
  private static final long HARD_BUDGET = 256 << 10;
  private static final int BOMB = 2 << 20;
  private static final int FINAL = 0x80;
  private static final int TEXT = FINAL | 1;
  private static final int BINARY = FINAL | 2;
  private static final int COMPRESSED = 0x40;
  private static final String DEFLATE = "Sec-WebSocket-Extensions: permessage-deflate\r\n";
  private static final byte[] GOOD = {'g', 'o', 'o', 'd'};
  private static final long SEED = Long.getLong("tidepool.seed", 20_26);
  private static final int GARBAGE = 200;

  /** A bad input. */
  private static final class Bad {
    private final String head;
    private final byte[] input;
    private final int status;
    private final String line;

    /**
     * @param head what the handshake says more
     * @param status the close frame's; -1: any, or none
     * @param line what the log says
     */
    Bad(String head, byte[] input, int status, String line) {
      this.head = head;
      this.input = input;
      this.status = status;
      this.line = line;
    }

    Bad(byte[] input, int status, String line) {
      this("", input, status, line);
    }
  }

  private static byte[] frame(int first, int length) {
    return RawWebSocket.frame(first, new byte[length]);
  }

  private static byte[] header(int... bytes) {
    byte[] header = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      header[i] = (byte) bytes[i];
    }
    return header;
  }

  private static List<Bad> badFrames() {
    return List.of(
        new Bad(header(TEXT, 2, 'a', 'b'), 1002, "not masked as expected"),
        new Bad(frame(TEXT | 0x40, 3), 1002, "reserved bits 4, expected 0"),
        new Bad(frame(TEXT | 0x10, 3), 1002, "reserved bits 1, expected 0"),
        new Bad(frame(FINAL | 0x20 | 9, 3), 1002, "reserved bits 2, expected 0"),
        new Bad(frame(FINAL | 3, 3), 1002, "reserved opcode 3"),
        new Bad(frame(FINAL | 11, 3), 1002, "reserved opcode 11"),
        new Bad(frame(FINAL | 9, 126), 1002, "control frame with payload length > 125"),
        new Bad(frame(9, 3), 1002, "fragmented control frame"),
        new Bad(frame(FINAL, 3), 1002, "continuation data frame outside"),
        new Bad(concat(frame(1, 3), frame(TEXT, 3)), 1002, "inside fragmented message"),
        new Bad(header(TEXT, 0xfe, 0, 3), 1002, "minimal length"),
        new Bad(header(BINARY, 0xff, 0, 0, 0, 0, 1, 0, 0, 1), 1009, "16777216 has been exceeded"),
        new Bad(header(BINARY, 0xff, 0x7f, 0, 0, 0, 0, 0, 0, 0), 1009, "has been exceeded"),
        new Bad(header(BINARY, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0), 1002, "negative length"));
  }

  private static List<Bad> badContents() {
    byte[] notUtf8 = header(0xc3, 0x28);
    byte[] halfAnd = header(0xe2, 0x82);
    byte[] bomb = RawWebSocket.deflated(new byte[BOMB]);
    return List.of(
        new Bad(RawWebSocket.frame(TEXT, notUtf8), 1007, "UTF-8"),
        new Bad(RawWebSocket.frame(TEXT, halfAnd), 1007, "UTF-8"),
        new Bad(
            concat(RawWebSocket.frame(1, halfAnd), RawWebSocket.frame(FINAL, halfAnd)),
            1007,
            "UTF-8"),
        new Bad(DEFLATE, RawWebSocket.frame(BINARY | COMPRESSED, bomb), 1009, "1048576"),
        new Bad(
            DEFLATE, RawWebSocket.frame(BINARY | COMPRESSED, header(7, 7, 7)), 1007, "permessage"),
        new Bad(DEFLATE, frame(FINAL | COMPRESSED | 9, 3), 1002, "reserved bits 4, expected 0"),
        new Bad(DEFLATE, frame(TEXT | 0x20, 3), 1002, "reserved bits 2, expected 0"),
        new Bad(
            DEFLATE,
            RawWebSocket.frame(TEXT | COMPRESSED, RawWebSocket.deflated(notUtf8)),
            1007,
            "UTF-8"));
  }

  private static List<Bad> badCloses() {
    return List.of(
        new Bad(frame(FINAL | 8, 1), 1002, "close control frame with payload len 1"),
        new Bad(RawWebSocket.frame(FINAL | 8, header(3, 0xed)), -1, "getStatus code: 1005"),
        new Bad(RawWebSocket.frame(FINAL | 8, header(3, 0xe8, 0xc3, 0x28)), -1, "UTF-8"));
  }

  private static List<Bad> all() {
    List<Bad> all = new ArrayList<>();
    List.of(badFrames(), badContents(), badCloses()).forEach(all::addAll);
    return all;
  }

  private static TestServer server(TransportChoice transport) throws IOException {
    ArenaByteBufAllocator allocator =
        ArenaByteBufAllocator.builder().hardBudget(HARD_BUDGET).build();
    return new TestServer(new WebSocketProtocol(), allocator, transport, 1);
  }

  @ParameterizedTest
  @EnumSource(TransportChoice.class)
  void aBadFrameEndsItsOwnConnection(TransportChoice transport) throws Exception {
    List<Bad> all = all();
    try (TestServer server = server(transport);
        RawWebSocket good = new RawWebSocket(server.address(), "")) {
      for (Bad bad : all) {
        assertRefused(server, bad);
        assertServed(good);
      }
      end(server, good, all.size());
    }
  }

  private static void assertRefused(TestServer server, Bad bad) throws Exception {
    String what = bad.line + " of " + Arrays.toString(Arrays.copyOf(bad.input, 12));
    try (RawWebSocket hostile = new RawWebSocket(server.address(), bad.head)) {
      assertServed(hostile);
      hostile.sendRaw(bad.input);
      String last = bad.status < 0 ? "" : lastFrame(hostile);
      assertThat(server.nextFault()).as(what).contains(bad.line).endsWith("; closed");
      hostile.assertClosed();
      if (bad.status >= 0) {
        String status = "" + (char) (bad.status >> 8) + (char) (bad.status & 0xff);
        assertThat(last).as(what).startsWith("136:" + status);
      }
    }
  }

  /** The close frame, behind the fragments that were good. */
  private static String lastFrame(RawWebSocket hostile) throws IOException {
    String frame = hostile.receive();
    while (!frame.startsWith("136:")) {
      frame = hostile.receive();
    }
    return frame;
  }

  private static void assertServed(RawWebSocket good) throws Exception {
    good.send(TEXT, GOOD);
    String answer = good.receive();
    byte[] echo =
        answer.startsWith("193:")
            ? good.inflated(answer)
            : answer.substring(4).getBytes(ISO_8859_1);
    assertThat(echo).isEqualTo(GOOD);
  }

  private static void end(TestServer server, RawWebSocket good, long errors) throws IOException {
    good.leave();
    ServedSummary served = server.stop();
    assertThat(served.errors()).isEqualTo(errors);
    assertThat(served.connections()).isEqualTo(errors + 1);
    assertThat(served.memory().used()).isZero();
    assertThat(served.memory().arenas().peak()).isLessThan(4 * HARD_BUDGET);
    assertThat(served.memory().arenas().leaks()).isZero();
    server.assertNoMoreFaults();
  }

  @ParameterizedTest
  @EnumSource(TransportChoice.class)
  void inputThatEndsAmidAMessage(TransportChoice transport) throws Exception {
    byte[] whole = frame(BINARY, 1000);
    List<byte[]> inputs =
        List.of(Arrays.copyOf(whole, 1), Arrays.copyOf(whole, 7), Arrays.copyOf(whole, 500));
    try (TestServer server = server(transport);
        RawWebSocket good = new RawWebSocket(server.address(), "")) {
      for (byte[] input : inputs) {
        endAfter(server, input, "input ended after a part of a WebSocket frame, expected the");
      }
      endAfter(server, frame(2, 10), "after some fragments of a WebSocket message, expected the");
      assertServed(good);
      end(server, good, inputs.size() + 1L);
    }
  }

  private static void endAfter(TestServer server, byte[] input, String line) throws Exception {
    try (RawWebSocket hostile = new RawWebSocket(server.address(), "")) {
      hostile.sendRaw(input);
      hostile.endOutput();
      assertThat(server.nextFault()).contains(line);
    }
  }

  /** A frame that is larger than the budget is refused by the budget. */
  @ParameterizedTest
  @EnumSource(TransportChoice.class)
  void theBudgetBoundsAFrame(TransportChoice transport) throws Exception {
    try (TestServer server = server(transport);
        RawWebSocket good = new RawWebSocket(server.address(), "");
        RawWebSocket hostile = new RawWebSocket(server.address(), "")) {
      try {
        hostile.send(BINARY, new byte[1 << 20]);
      } catch (IOException e) {
        assertThat(e).hasMessageMatching("(?i).*(reset|broken).*");
      }
      assertThat(server.nextFault()).contains("a memory limit was reached").endsWith("; closed");
      assertServed(good);
      end(server, good, 1);
    }
  }

  @ParameterizedTest
  @EnumSource(TransportChoice.class)
  void randomGarbage(TransportChoice transport) throws Exception {
    System.out.println("random frames, " + transport + ", seed " + SEED);
    Random random = new Random(SEED);
    List<Bad> all = all();
    try (TestServer server = server(transport);
        RawWebSocket good = new RawWebSocket(server.address(), "")) {
      for (int i = 0; i < GARBAGE; i++) {
        Bad bad = all.get(random.nextInt(all.size()));
        try (RawWebSocket hostile = new RawWebSocket(server.address(), bad.head)) {
          hostile.sendRaw(garbage(random, bad.input));
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

  private static byte[] garbage(Random random, byte[] input) {
    if (random.nextInt(3) == 0) {
      return bytes(1 + random.nextInt(5000), random.nextLong());
    }
    byte[] mutated = concat(RawWebSocket.frame(TEXT, GOOD), input);
    for (int left = random.nextInt(4); left > 0; left--) {
      mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
    }
    return mutated;
  }
}
