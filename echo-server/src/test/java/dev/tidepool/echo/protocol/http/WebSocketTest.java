package dev.tidepool.echo.protocol.http;

import static dev.tidepool.echo.testing.TestClient.bytes;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.echo.server.ArenaSummary;
import dev.tidepool.echo.server.ServedSummary;
import dev.tidepool.echo.testing.RawWebSocket;
import dev.tidepool.echo.testing.TestClient;
import dev.tidepool.echo.testing.TestServer;
import dev.tidepool.echo.transport.TransportChoice;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** WebSockets beside HTTP, with the JDK's clients, which know nothing of Netty, and with bytes. */
class WebSocketTest {
  private static final int TEXT = 1;
  private static final int BINARY = 2;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int FINAL = 0x80;

  /** Collects what arrives, a message or a control frame each as text. */
  private static final class Collector implements WebSocket.Listener {
    private final BlockingQueue<String> arrived = new LinkedBlockingQueue<>();
    private final StringBuilder message = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      return part(socket, "text ", data.toString(), last);
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
      return part(socket, "binary ", ISO_8859_1.decode(data).toString(), last);
    }

    private CompletionStage<?> part(WebSocket socket, String kind, String data, boolean last) {
      message.append(data);
      if (last) {
        arrived.add(kind + message);
        message.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onPong(WebSocket socket, ByteBuffer data) {
      arrived.add("pong " + ISO_8859_1.decode(data));
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
      arrived.add("close " + status + " " + reason);
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      arrived.add("error " + error);
    }

    String next() throws InterruptedException {
      String next = arrived.poll(TestServer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertThat(next).isNotNull();
      return next;
    }
  }

  private static String address(String scheme, TestServer server, String path) {
    return scheme + "://127.0.0.1:" + server.address().getPort() + path;
  }

  @ParameterizedTest
  @EnumSource(TransportChoice.class)
  void theJdksWebSocketIsServed(TransportChoice transport) throws Exception {
    String large = new String(bytes(300_000, 1), ISO_8859_1);
    Collector collector = new Collector();
    try (TestServer server = TestServer.arena(new HttpProtocol(), transport)) {
      WebSocket socket =
          HttpClient.newHttpClient()
              .newWebSocketBuilder()
              .buildAsync(URI.create(address("ws", server, "/ws")), collector)
              .join();
      socket.sendText("gr\u00fc\u00df \ud83c\udf0a", true).join();
      assertThat(collector.next()).isEqualTo("text gr\u00fc\u00df \ud83c\udf0a");
      socket.sendText("in ", false).join();
      socket.sendPing(ISO_8859_1.encode("between")).join();
      socket.sendText("two", true).join();
      assertThat(collector.next()).isEqualTo("pong between");
      assertThat(collector.next()).isEqualTo("text in two");
      socket.sendBinary(ISO_8859_1.encode(large), true).join();
      assertThat(collector.next()).isEqualTo("binary " + large);
      socket.sendText("", true).join();
      assertThat(collector.next()).isEqualTo("text ");
      socket.sendClose(4321, "enough").join();
      assertThat(collector.next()).isEqualTo("close 4321 enough");
      end(server, 4);
    }
  }

  /** On the same port. */
  @ParameterizedTest
  @EnumSource(TransportChoice.class)
  void theJdksHttpClientIsServed(TransportChoice transport) throws Exception {
    byte[] body = bytes(200_000, 2);
    try (TestServer server = TestServer.arena(new WebSocketProtocol(), transport)) {
      HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
      HttpResponse<String> page =
          client.send(request(server, "/").build(), BodyHandlers.ofString(UTF_8));
      assertThat(page.statusCode()).isEqualTo(200);
      assertThat(page.body()).isEqualTo(Answers.PAGE);
      HttpRequest.BodyPublisher chunked =
          BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(body));
      for (HttpRequest.BodyPublisher publisher :
          Arrays.asList(BodyPublishers.ofByteArray(body), chunked)) {
        HttpResponse<byte[]> echo =
            client.send(
                request(server, "/echo").expectContinue(true).POST(publisher).build(),
                BodyHandlers.ofByteArray());
        assertThat(echo.statusCode()).isEqualTo(200);
        assertThat(echo.body()).isEqualTo(body);
      }
      end(server, 3);
    }
  }

  private static HttpRequest.Builder request(TestServer server, String path) {
    return HttpRequest.newBuilder(URI.create(address("http", server, path)));
  }

  /** The handshake's arena has reset, and then each message is a request, a ping too. */
  @ParameterizedTest
  @EnumSource(TransportChoice.class)
  void theArenaResetsWhereAMessageEnds(TransportChoice transport) throws Exception {
    try (TestServer server = TestServer.arena(new HttpProtocol(), transport);
        RawWebSocket client = new RawWebSocket(server.address(), "")) {
      assertThat(client.handshakeAnswer()).startsWith("HTTP/1.1 101 ");
      client.send(TEXT, "Hel".getBytes(UTF_8));
      client.send(0, "l".getBytes(UTF_8));
      assertThat(client.receive()).isEqualTo("1:Hel");
      assertThat(client.receive()).isEqualTo("0:l");
      long open = arena(server).resets();
      client.send(FINAL | PING, "!".getBytes(UTF_8));
      assertThat(client.receive()).isEqualTo("138:!");
      assertThat(arena(server).resets()).as("resets amid a message").isEqualTo(open);
      client.send(FINAL, "o".getBytes(UTF_8));
      assertThat(client.receive()).isEqualTo("128:o");
      TestServer.await("a reset", () -> arena(server).resets() == open + 1);
      for (int i = 2; i < 5; i++) {
        long resets = open + i;
        client.send(FINAL | BINARY, bytes(5000, i));
        assertThat(client.receive()).isEqualTo("130:" + new String(bytes(5000, i), ISO_8859_1));
        TestServer.await("a reset", () -> arena(server).resets() == resets);
      }
      client.send(FINAL | CLOSE, new byte[] {0x03, (byte) 0xe8});
      assertThat(client.receive()).isEqualTo("136:\u0003\u00e8");
      client.assertEnd();
      client.leave();
      end(server, 4);
    }
  }

  private static ArenaSummary.Arena arena(TestServer server) {
    return server.server().arenas().arenas().get(0);
  }

  @ParameterizedTest
  @EnumSource(TransportChoice.class)
  void permessageDeflateIsSpoken(TransportChoice transport) throws Exception {
    byte[] text = "tidepool ".repeat(20_000).getBytes(UTF_8);
    String offer = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n";
    try (TestServer server = TestServer.arena(new HttpProtocol(), transport);
        RawWebSocket client = new RawWebSocket(server.address(), offer)) {
      assertThat(client.handshakeAnswer()).contains("sec-websocket-extensions: permessage-deflate");
      for (int i = 0; i < 3; i++) {
        client.send(FINAL | 0x40 | TEXT, RawWebSocket.deflated(text));
        String echo = client.receive();
        assertThat(echo).startsWith("193:").hasSizeLessThan(5000);
        assertThat(client.inflated(echo)).isEqualTo(text);
      }
      client.send(FINAL | TEXT, "plain".getBytes(UTF_8)); // as it may be
      String echo = client.receive();
      assertThat(client.inflated(echo)).isEqualTo("plain".getBytes(UTF_8));
      client.leave();
      end(server, 4);
    }
  }

  @ParameterizedTest
  @EnumSource(TransportChoice.class)
  void aStoppingServerSaysSoToIdleSocketsAndAwaitsMessages(TransportChoice transport)
      throws Exception {
    try (TestServer server = TestServer.arena(new HttpProtocol(), transport);
        RawWebSocket idle = new RawWebSocket(server.address(), "");
        RawWebSocket busy = new RawWebSocket(server.address(), "")) {
      idle.send(FINAL | TEXT, new byte[0]);
      assertThat(idle.receive()).isEqualTo("129:");
      busy.send(TEXT, "be".getBytes(UTF_8));
      assertThat(busy.receive()).isEqualTo("1:be");

      CompletableFuture<ServedSummary> stopping = CompletableFuture.supplyAsync(server::stop);
      assertThat(idle.receive()).startsWith("136:\u0003\u00e9");
      busy.send(FINAL, "gun".getBytes(UTF_8));
      assertThat(busy.receive()).isEqualTo("128:gun");
      assertThat(busy.receive()).startsWith("136:\u0003\u00e9");
      busy.assertEnd();
      busy.leave();
      idle.leave();
      ServedSummary served = stopping.get(TestServer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertThat(served.errors()).isZero();
      assertThat(served.memory().used()).isZero();
    }
  }

  /** A handshake that is none is answered by HTTP, and the connection goes on. */
  @ParameterizedTest
  @EnumSource(TransportChoice.class)
  void aBadHandshakeIsRefused(TransportChoice transport) throws Exception {
    String head = "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n";
    String version = "Sec-WebSocket-Version: 13\r\n";
    String good = head + version + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    try (TestServer server = TestServer.arena(new HttpProtocol(), transport);
        TestClient client = new TestClient(server.address())) {
      for (String bad :
          new String[] {
            good.replace("13", "8"), good.replace("ZQ==", "Z==="), good.replace("Upgrade\r", "x\r")
          }) {
        client.send(bad.getBytes(ISO_8859_1));
        assertThat(answer(client)).startsWith("HTTP/1.1 426 ");
      }
      client.send(good.getBytes(ISO_8859_1));
      assertThat(new String(client.receive(13), ISO_8859_1)).isEqualTo("HTTP/1.1 101 ");
      client.leave();
      end(server, 3);
    }
  }

  private static String answer(TestClient client) throws IOException {
    StringBuilder answer = new StringBuilder();
    while (!answer.toString().endsWith("version 13\n")) {
      answer.append(new String(client.receive(1), ISO_8859_1));
    }
    return answer.toString();
  }

  private static void end(TestServer server, long requests) {
    ServedSummary served = server.stop();
    assertThat(served.requests()).isEqualTo(requests);
    assertThat(served.errors()).isZero();
    assertThat(served.memory().used()).isZero();
    assertThat(served.memory().arenas().leaks()).isZero();
    server.assertNoMoreFaults();
  }
}
