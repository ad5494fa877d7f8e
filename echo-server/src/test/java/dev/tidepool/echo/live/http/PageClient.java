package dev.tidepool.echo.live.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.tidepool.echo.testing.TestServer;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A client of the page on a plain socket, which can send anything. */
final class PageClient implements AutoCloseable {
  private final Socket socket = new Socket();
  private final InputStream in;
  private final String host;

  /** A response; names of headers in lower case. */
  record Response(int status, Map<String, String> headers, String text) {
    Map<String, Object> json() throws IOException {
      assertThat(headers).containsEntry("content-type", "application/json; charset=utf-8");
      return JSON.std.mapFrom(text);
    }

    /** The sentence of a refusal. */
    String error() throws IOException {
      return (String) json().get("error");
    }
  }

  PageClient(InetSocketAddress address) throws IOException {
    this(address, 0);
  }

  /**
   * @param receiveBuffer bytes that the kernel takes for a client that does not read; 0: as it
   *     likes
   */
  PageClient(InetSocketAddress address, int receiveBuffer) throws IOException {
    int patienceMillis = Math.toIntExact(TestServer.PATIENCE.toMillis());
    if (receiveBuffer > 0) {
      socket.setReceiveBufferSize(receiveBuffer);
    }
    socket.connect(address, patienceMillis);
    socket.setSoTimeout(patienceMillis);
    in = new BufferedInputStream(socket.getInputStream());
    host = "127.0.0.1:" + address.getPort();
  }

  String host() {
    return host;
  }

  /** Closes the connection with a reset. */
  void abort() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  void send(String bytes) throws IOException {
    socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  /** Sends a request with its Host, and with {@code headers}, which end in line ends. */
  void request(String method, String target, String headers) throws IOException {
    send(method + " " + target + " HTTP/1.1\r\nHost: " + host + "\r\n" + headers + "\r\n");
  }

  Response get(String target) throws IOException {
    request("GET", target, "");
    return response();
  }

  /** As the page's own script sends it. */
  Response change(String method, String target) throws IOException {
    request(method, target, "X-Tidepool: 1\r\nOrigin: http://" + host + "\r\n");
    return response();
  }

  Response response() throws IOException {
    return response(true);
  }

  Response response(boolean hasBody) throws IOException {
    String[] status = line().split(" ", 3);
    assertThat(status[0]).isEqualTo("HTTP/1.1");
    Map<String, String> headers = headers();
    int length = hasBody ? Integer.parseInt(headers.getOrDefault("content-length", "0")) : 0;
    byte[] body = in.readNBytes(length);
    assertThat(body).hasSize(length);
    return new Response(
        Integer.parseInt(status[1]), headers, new String(body, StandardCharsets.UTF_8));
  }

  private Map<String, String> headers() throws IOException {
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return headers;
  }

  /** A line without its end. */
  String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      assertThat(next).as("the end within a line: %s", line).isNotNegative();
      line.write(next);
    }
    return line.toString(StandardCharsets.UTF_8).stripTrailing();
  }

  /** The next event of a stream, after its head. */
  Map<String, Object> event(String name) throws IOException {
    String line = line();
    while (line.isEmpty() || line.startsWith(":")) {
      line = line();
    }
    assertThat(line).isEqualTo("event: " + name);
    String data = line();
    assertThat(data).startsWith("data: ");
    assertThat(line()).isEmpty();
    return JSON.std.mapFrom(data.substring("data: ".length()));
  }

  /** The other side closes, in good order or with a reset. */
  void assertClosed() throws IOException {
    try {
      assertThat(in.readAllBytes()).isEmpty();
    } catch (SocketException e) {
      assertThat(e).hasMessageContaining("reset");
    }
  }

  /** Reads and drops all until the other side closes. */
  void readToTheEnd() throws IOException {
    try {
      in.transferTo(java.io.OutputStream.nullOutputStream());
    } catch (SocketException e) {
      assertThat(e).hasMessageContaining("reset");
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
