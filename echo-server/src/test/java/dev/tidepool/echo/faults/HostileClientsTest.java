package dev.tidepool.echo.faults;

import static dev.tidepool.echo.testing.TestClient.bytes;
import static dev.tidepool.echo.testing.TestClient.concat;
import static dev.tidepool.echo.testing.TestClient.frame;
import static dev.tidepool.echo.testing.TestClient.length;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.echo.protocol.FramedProtocol;
import dev.tidepool.echo.protocol.Protocol;
import dev.tidepool.echo.protocol.RawProtocol;
import dev.tidepool.echo.server.ServedSummary;
import dev.tidepool.echo.testing.TestClient;
import dev.tidepool.echo.testing.TestServer;
import dev.tidepool.echo.transport.TransportChoice;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many hostile clients on one server; beside them one that is served as if it were alone. */
class HostileClientsTest {
  private static final byte[] GOOD_FRAME = frame(bytes(1000, 1));
  private static final int LARGEST = Protocol.LARGEST_PAYLOAD;
  private static final int RESETS = 200;

  /**
   * Netty's io_uring transport does not report every reset that comes before the connection is
   * accepted: with any allocator, some such channels stay open until they are closed here.
   */
  private static final Duration SHORT_DRAIN = Duration.ofMillis(500);

  private static final long SEED = Long.getLong("tidepool.seed", 20_26);

  @ParameterizedTest
  @EnumSource(TransportChoice.class)
  void resetsAtAnyByteOfARequest(TransportChoice transport) throws Exception {
    Random random = new Random(SEED);
    byte[] requests = concat(GOOD_FRAME, frame(bytes(70_000, 2)));
    try (TestServer server = TestServer.arena(new FramedProtocol(), transport);
        TestClient good = new TestClient(server.address())) {
      for (int i = 0; i < RESETS; i++) {
        try (TestClient hostile = new TestClient(server.address())) {
          hostile.send(Arrays.copyOf(requests, random.nextInt(requests.length + 1)));
          hostile.reset();
        }
        good.assertEchoes(GOOD_FRAME);
      }
      end("seed " + SEED + ": resets", transport, server, good, RESETS + 1, SHORT_DRAIN);
    }
  }

  @ParameterizedTest
  @EnumSource(TransportChoice.class)
  void framesOfEveryIllegalKind(TransportChoice transport) throws Exception {
    List<byte[]> illegal = illegalInputs();
    try (TestServer server = TestServer.arena(new FramedProtocol(), transport);
        TestClient good = new TestClient(server.address())) {
      for (byte[] input : illegal) {
        for (int goodFrames = 0; goodFrames < 3; goodFrames++) {
          assertOnlyGoodComesBack(server, goodFrames, input);
          good.assertEchoes(GOOD_FRAME);
        }
      }
      ServedSummary served = end("illegal inputs", transport, server, good, 3 * illegal.size() + 1);
      assertThat(served.errors()).isEqualTo(3L * illegal.size());
    }
  }

  /** Lengths that none may have, and frames that end anywhere before their last byte. */
  private static List<byte[]> illegalInputs() {
    List<byte[]> inputs = new ArrayList<>();
    for (int length :
        new int[] {-1, -5, Integer.MIN_VALUE, Integer.MAX_VALUE, LARGEST + 1, 0x4745_5420}) {
      inputs.add(length(length));
      inputs.add(concat(length(length), bytes(3000, 5)));
    }
    byte[] whole = frame(bytes(300, 6));
    for (int end : new int[] {1, 2, 3, 4, 5, 150, whole.length - 1}) {
      inputs.add(Arrays.copyOf(whole, end));
    }
    inputs.add(concat(length(LARGEST), bytes(100_000, 7)));
    return inputs;
  }

  private static void assertOnlyGoodComesBack(TestServer server, int goodFrames, byte[] input)
      throws Exception {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < goodFrames; i++) {
      all.write(GOOD_FRAME);
    }
    byte[] echo = all.toByteArray();
    all.write(input);
    try (TestClient hostile = new TestClient(server.address())) {
      hostile.send(all.toByteArray());
      assertThat(hostile.receive(echo.length)).isEqualTo(echo);
      hostile.endOutputIfOpen();
      assertThat(server.nextFault()).contains("expected");
      hostile.assertClosed();
    }
  }

  @ParameterizedTest
  @EnumSource(TransportChoice.class)
  void oneByteAtATime(TransportChoice transport) throws Exception {
    byte[] requests = concat(frame(bytes(700, 8)), frame(bytes(0, 9)));
    try (TestServer server = TestServer.arena(new FramedProtocol(), transport);
        TestClient good = new TestClient(server.address());
        TestClient hostile = new TestClient(server.address())) {
      for (byte next : requests) {
        hostile.send(new byte[] {next});
      }
      assertThat(hostile.receive(requests.length)).isEqualTo(requests);
      hostile.leave();
      assertThat(end("one byte at a time", transport, server, good, 2).errors()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(TransportChoice.class)
  void aReaderThatTakesLittleAtATime(TransportChoice transport) throws Exception {
    byte[] sent = bytes(8 << 20, 10);
    try (TestServer server = TestServer.arena(new RawProtocol(), transport);
        TestClient good = new TestClient(server.address());
        TestClient slow = new TestClient(server.address())) {
      CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> sendAll(slow, sent));
      for (int at = 0; at < sent.length; ) {
        byte[] part = slow.receive(Math.min(30_011, sent.length - at));
        assertThat(part).isEqualTo(Arrays.copyOfRange(sent, at, at + part.length));
        at += part.length;
        good.assertEchoes(GOOD_FRAME);
      }
      sending.join();
      slow.assertEnd(); // after the half-close of its input
      assertThat(end("slow reader, 8 MiB", transport, server, good, 2).errors()).isZero();
    }
  }

  private static void sendAll(TestClient client, byte[] bytes) {
    try {
      client.send(bytes);
      client.endOutput();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ServedSummary end(
      String what, TransportChoice transport, TestServer server, TestClient good, int connections)
      throws IOException {
    return end(what, transport, server, good, connections, TestServer.PATIENCE);
  }

  /** The server serves still, and when it has stopped all memory is back. */
  private static ServedSummary end(
      String what,
      TransportChoice transport,
      TestServer server,
      TestClient good,
      int connections,
      Duration drain)
      throws IOException {
    good.assertEchoes(GOOD_FRAME);
    try (TestClient late = new TestClient(server.address())) {
      late.assertEchoes(GOOD_FRAME);
    }
    good.leave();
    ServedSummary served = server.stop(drain);
    System.out.printf("%s, %s: %s%n", what, transport, served.lines());
    assertThat(served.connections()).isEqualTo(connections + 1);
    assertThat(served.memory().used()).isZero();
    assertThat(served.memory().arenas().leaks()).isZero();
    return served;
  }
}
