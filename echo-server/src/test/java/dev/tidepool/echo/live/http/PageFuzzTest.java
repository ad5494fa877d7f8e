package dev.tidepool.echo.live.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;

/**
 * Requests that are right, nearly right and plain noise, cut into pieces anyhow, go through the
 * pipeline of a connection to the page. What comes out are whole responses, no action starts that
 * was not asked for with all that it needs, and all memory comes back. Jazzer chooses.
 */
@Tag("fuzz")
class PageFuzzTest {
  private static final int LONGEST_INPUT = 24 << 10;
  private static final String HOST = "127.0.0.1:7080";
  private static final InetSocketAddress LOCAL =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 7080);

  private static final String GOOD = "GET /healthz HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n";

  private static final String[] PIECES = {
    "GET ",
    "POST ",
    "HEAD ",
    "DELETE ",
    "OPTIONS ",
    "/",
    "/api/snapshot",
    "/api/actions/leak",
    "/healthz",
    "/app/../index.html",
    "?limit=1&order=%",
    " HTTP/1.1\r\n",
    " HTTP/1.0\r\n",
    " HTTP/2.0\r\n",
    "Host: " + HOST + "\r\n",
    "Host: evil.example\r\n",
    "X-Tidepool: 1\r\n",
    "Origin: http://" + HOST + "\r\n",
    "Origin: null\r\n",
    "Sec-Fetch-Site: cross-site\r\n",
    "Content-Length: 3\r\n",
    "Content-Length: 100000\r\n",
    "Transfer-Encoding: chunked\r\n",
    "Connection: close\r\n",
    "Expect: 100-continue\r\n",
    "If-None-Match: *\r\n",
    "\r\n",
    "3\r\nabc\r\n0\r\n\r\n",
    "abc",
    " ",
    ":",
    "\n",
    GOOD,
    "POST /api/actions/leak HTTP/1.1\r\nHost: " + HOST + "\r\nX-Tidepool: 1\r\n\r\n",
  };

  private static final String[] METHODS = {"GET ", "POST ", "HEAD ", "DELETE "};

  private static final String[] TARGETS = {
    "/", "/healthz", "/api/snapshot?limit=1", "/api/actions/leak", "/app/api.js", "/nothing"
  };

  private static final String[] HEADERS = {
    "X-Tidepool: 1\r\n",
    "X-Tidepool: 0\r\n",
    "Origin: http://" + HOST + "\r\n",
    "Origin: null\r\n",
    "Sec-Fetch-Site: cross-site\r\n",
    "Content-Length: 3\r\n",
    "Content-Length: 100000\r\n",
    "Transfer-Encoding: chunked\r\n",
    "Connection: close\r\n",
    "Expect: 100-continue\r\n",
    "Host: evil.example\r\n"
  };

  private final List<String> faults = new ArrayList<>();

  /** Has an address in the page's own names. */
  private static final class Connection extends EmbeddedChannel {
    Connection(ChannelHandler pipeline) {
      super(pipeline);
    }

    @Override
    protected SocketAddress localAddress0() {
      return LOCAL;
    }
  }

  @FuzzTest(maxDuration = "10s")
  void whatIsCutAnyhowIsAnsweredOrRefused(FuzzedDataProvider data) {
    faults.clear();
    UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
    Connection channel = channel(allocator);
    List<Integer> cuts = cuts(data);
    String input = input(data);
    String output = send(channel, input, cuts);
    assertThat(output).matches("(?s)(HTTP/1\\.1 \\d{3} .*)?");
    if (input.startsWith(GOOD)) {
      assertThat(output).startsWith("HTTP/1.1 200 OK");
    }
    assertThat(faults).isEmpty();
    channel.finishAndReleaseAll();
    assertThat(allocator.metric().usedDirectMemory()).isZero();
    assertThat(allocator.metric().usedHeapMemory()).isZero();
  }

  private Connection channel(UnpooledByteBufAllocator allocator) {
    Routes routes = new Routes(Endpoint.now(new StaticFiles()::answer));
    routes
        .get("/healthz", Endpoint.now(request -> Reply.text("text/plain", "ok\n")))
        .get("/api/snapshot", Endpoint.now(request -> Reply.json(request.query())))
        .add(
            "/api/actions/{name}",
            java.util.Map.of(
                io.netty.handler.codec.http.HttpMethod.POST,
                Endpoint.now(
                    request -> {
                      noteAction(request);
                      return Reply.json(request.variable("name"));
                    })));
    Connection channel =
        new Connection(
            new PagePipeline(
                new ConnectionLimit(10),
                new RequestCheck(new OwnNames("127.0.0.1")),
                routes,
                (line, cause) -> faults.add(line),
                new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE)));
    channel.config().setOption(ChannelOption.ALLOCATOR, allocator);
    return channel;
  }

  private void noteAction(PageRequest request) {
    String host = request.headers().get("Host", HOST);
    boolean isOwn =
        host.equals(HOST)
            && "1".equals(request.headers().get("X-Tidepool"))
            && request.headers().get("Origin", "http://" + HOST).equals("http://" + HOST)
            && !request.headers().contains("Sec-Fetch-Site");
    if (!isOwn) {
      faults.add("an action of " + request.headers());
    }
  }

  // The input

  private static List<Integer> cuts(FuzzedDataProvider data) {
    List<Integer> cuts = new ArrayList<>();
    for (int left = data.consumeInt(0, 20); left > 0; left--) {
      cuts.add(1 + data.consumeInt(0, 500));
    }
    return cuts;
  }

  private static String input(FuzzedDataProvider data) {
    StringBuilder input = new StringBuilder();
    while (data.remainingBytes() > 0 && input.length() < LONGEST_INPUT) {
      int piece = data.consumeInt(0, 2 * PIECES.length);
      if (piece < PIECES.length) {
        input.append(PIECES[piece]);
      } else if (piece > PIECES.length + 2) {
        input.append(request(data));
      } else if (piece == PIECES.length) {
        input.append("a".repeat(data.consumeInt(0, 9_000)));
      } else {
        input.append(
            new String(data.consumeBytes(data.consumeInt(0, 40)), StandardCharsets.ISO_8859_1));
      }
    }
    return input.toString();
  }

  /** A whole request, of pieces that fit, with any of the headers. */
  private static String request(FuzzedDataProvider data) {
    StringBuilder request = new StringBuilder();
    request.append(data.pickValue(METHODS)).append(data.pickValue(TARGETS));
    request.append(data.consumeInt(0, 9) == 0 ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n");
    if (data.consumeInt(0, 9) > 0) {
      request.append("Host: " + HOST + "\r\n");
    }
    for (int left = data.consumeInt(0, 2); left > 0; left--) {
      request.append(data.pickValue(HEADERS));
    }
    return request + "\r\n" + (data.consumeBoolean() ? "abc" : "");
  }

  // The connection

  private static String send(Connection channel, String input, List<Integer> cuts) {
    byte[] bytes = input.getBytes(StandardCharsets.ISO_8859_1);
    int position = 0;
    for (int cut : cuts) {
      position += send(channel, bytes, position, cut);
    }
    send(channel, bytes, position, bytes.length);
    return outbound(channel);
  }

  private static int send(Connection channel, byte[] bytes, int position, int cut) {
    int length = Math.min(cut, bytes.length - position);
    if (length > 0 && channel.isOpen()) {
      channel.writeInbound(channel.alloc().buffer(length).writeBytes(bytes, position, length));
      channel.runPendingTasks();
    }
    return length;
  }

  private static String outbound(Connection channel) {
    StringBuilder all = new StringBuilder();
    for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
      all.append(part.toString(StandardCharsets.ISO_8859_1));
      part.release();
    }
    return all.toString();
  }
}
