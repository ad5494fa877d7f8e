package dev.tidepool.echo.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A client that speaks HTTP/2 in frames made by hand, which may be wrong ones. */
public final class Http2RawClient implements AutoCloseable {
  public static final int DATA = 0;
  public static final int HEADERS = 1;
  public static final int RST_STREAM = 3;
  public static final int SETTINGS = 4;
  public static final int PING = 6;
  public static final int GOAWAY = 7;
  public static final int WINDOW_UPDATE = 8;
  public static final int CONTINUATION = 9;

  public static final int END_STREAM = 1;
  public static final int END_HEADERS = 4;

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;

  /** A frame that the server sent; its stream is 0 for the connection. */
  public static final class Frame {
    private final int type;
    private final int flags;
    private final int stream;
    private final byte[] payload;

    private Frame(int type, int flags, int stream, byte[] payload) {
      this.type = type;
      this.flags = flags;
      this.stream = stream;
      this.payload = payload;
    }

    public int type() {
      return type;
    }

    public int stream() {
      return stream;
    }

    public byte[] payload() {
      return payload;
    }

    /** The error code of a GOAWAY or RST_STREAM. */
    public int error() {
      return ByteBuffer.wrap(payload).getInt(type == GOAWAY ? 4 : 0);
    }

    public boolean endsStream() {
      return (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
    }
  }

  /** Connects and says nothing. */
  public Http2RawClient(InetSocketAddress address) throws IOException {
    socket = new Socket();
    socket.setReceiveBufferSize(64 << 10); // what the server has sent waits there, not here
    socket.connect(address);
    socket.setSoTimeout(Math.toIntExact(TestServer.PATIENCE.toMillis()));
    socket.setTcpNoDelay(true);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    out = socket.getOutputStream();
  }

  /** Connects and sends the preface with these settings. */
  public static Http2RawClient open(InetSocketAddress address, byte... settings)
      throws IOException {
    Http2RawClient client = new Http2RawClient(address);
    client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
    client.send(frame(SETTINGS, 0, 0, settings));
    return client;
  }

  public static byte[] frame(int type, int flags, int stream, byte... payload) {
    return ByteBuffer.allocate(9 + payload.length)
        .putInt(payload.length << 8 | type)
        .put((byte) flags)
        .putInt(stream)
        .put(payload)
        .array();
  }

  public static byte[] setting(int id, int value) {
    return ByteBuffer.allocate(6).putShort((short) id).putInt(value).array();
  }

  public static byte[] number(int number) {
    return ByteBuffer.allocate(4).putInt(number).array();
  }

  public static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }

  /** The header block of a request: method, http, / and an authority. */
  public static byte[] request(String method) {
    return hex((method.equals("POST") ? "83" : "82") + "86840104" + "74657374");
  }

  public static byte[] post(int stream, boolean end) {
    return frame(HEADERS, END_HEADERS | (end ? END_STREAM : 0), stream, request("POST"));
  }

  public void send(byte[]... parts) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.write(part);
    }
    out.write(all.toByteArray());
  }

  /** The next frame; null at the end of the connection. */
  public @Nullable Frame next() throws IOException {
    int first = in.read();
    if (first < 0) {
      return null;
    }
    int length = first << 16 | in.readUnsignedShort();
    int type = in.readUnsignedByte();
    int flags = in.readUnsignedByte();
    int stream = in.readInt();
    byte[] payload = new byte[length];
    in.readFully(payload);
    return new Frame(type, flags, stream, payload);
  }

  /** Reads to the first frame that {@code wanted} accepts. */
  public Frame await(Predicate<Frame> wanted) throws IOException {
    Frame frame = next();
    while (frame != null && !wanted.test(frame)) {
      frame = next();
    }
    assertThat(frame).as("a frame before the end").isNotNull();
    return frame;
  }

  public Frame await(int type) throws IOException {
    return await(frame -> frame.type() == type);
  }

  /** Reads all data of a stream to its end. */
  public byte[] awaitEcho(int stream) throws IOException {
    ByteArrayOutputStream echo = new ByteArrayOutputStream();
    Frame frame;
    do {
      frame = await(next -> next.stream() == stream);
      if (frame.type() == DATA) {
        echo.write(frame.payload());
      }
    } while (!frame.endsStream());
    return echo.toByteArray();
  }

  public void assertEchoes(int stream, byte[] data) throws IOException {
    send(post(stream, false), frame(DATA, END_STREAM, stream, data));
    assertThat(awaitEcho(stream)).isEqualTo(data);
  }

  /** The server sends GOAWAY with this code, if the connection is not reset before, and closes. */
  public void assertGoesAway(int error) throws IOException {
    try {
      assertThat(await(GOAWAY).error()).as("error code of the GOAWAY").isEqualTo(error);
      assertThat(next()).as("after the GOAWAY").isNull();
    } catch (EOFException e) {
      return; // amid a frame: the server could not send all that it had
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("reset");
    }
  }

  /** Reads what still comes, to the end or a reset. */
  public void assertEnds() {
    try {
      in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("reset");
    }
  }

  /** Waits until the server has read all that was sent. */
  public void awaitPing() throws IOException {
    send(frame(PING, 0, 0, new byte[8]));
    await(PING);
  }

  /** Breaks the connection off: the other side gets a reset. */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /** Closes the connection before the server's test goes on. */
  public void disconnect() throws IOException {
    socket.close();
  }

  @Override
  public void close() throws IOException {
    disconnect();
  }
}
