package dev.tidepool.echo.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** The client's side of a WebSocket, frame by frame, on a plain socket; it can also misbehave. */
public final class RawWebSocket implements AutoCloseable {
  private static final byte[] MASK = {0x12, (byte) 0xf3, 0, 0x7c};
  private static final int LONGEST_SHORT = 125;

  private final TestClient client;
  private final String handshakeAnswer;
  private final Inflater inflater = new Inflater(true);

  /** Sends the handshake, with more lines in its head, and reads the answer. */
  public RawWebSocket(InetSocketAddress address, String moreHead) throws IOException {
    client = new TestClient(address);
    client.send(
        ("GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                + moreHead
                + "\r\n")
            .getBytes(ISO_8859_1));
    StringBuilder answer = new StringBuilder();
    while (!answer.toString().endsWith("\r\n\r\n")) {
      answer.append(new String(next(1), ISO_8859_1));
    }
    handshakeAnswer = answer.toString();
  }

  public String handshakeAnswer() {
    return handshakeAnswer;
  }

  private byte[] next(int length) throws IOException {
    byte[] bytes = client.receive(length);
    if (bytes.length < length) {
      throw new EOFException("the server ended the connection");
    }
    return bytes;
  }

  /** A masked frame whose first byte, with its flags and opcode, is given. */
  public static byte[] frame(int first, byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(14 + payload.length).put((byte) first);
    if (payload.length <= LONGEST_SHORT) {
      frame.put((byte) (0x80 | payload.length));
    } else if (payload.length <= 0xffff) {
      frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
    } else {
      frame.put((byte) (0x80 | 127)).putLong(payload.length);
    }
    frame.put(MASK);
    for (int i = 0; i < payload.length; i++) {
      frame.put((byte) (payload[i] ^ MASK[i % MASK.length]));
    }
    return Arrays.copyOf(frame.array(), frame.position());
  }

  public void send(int first, byte[] payload) throws IOException {
    client.send(frame(first, payload));
  }

  /** Sends bytes as they are. */
  public void sendRaw(byte[] bytes) throws IOException {
    client.send(bytes);
  }

  /** The next frame: its first byte as a number, a colon, and the payload. */
  public String receive() throws IOException {
    int first = next(1)[0] & 0xff;
    int length = next(1)[0];
    if (length == 126) {
      length = ByteBuffer.wrap(next(2)).getShort() & 0xffff;
    } else if (length == 127) {
      length = Math.toIntExact(ByteBuffer.wrap(next(8)).getLong());
    }
    return first + ":" + new String(next(length), ISO_8859_1);
  }

  /** A message's payload as permessage-deflate has it, without context. */
  public static byte[] deflated(byte[] payload) {
    Deflater deflater = new Deflater(9, true);
    deflater.setInput(payload);
    byte[] out = new byte[payload.length + 100];
    int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
    deflater.end();
    return Arrays.copyOf(out, length - 4);
  }

  /** The payload of a received message, which may refer to those before it. */
  public byte[] inflated(String frame) throws DataFormatException {
    byte[] payload = frame.substring(frame.indexOf(':') + 1).getBytes(ISO_8859_1);
    byte[] input = Arrays.copyOf(payload, payload.length + 4);
    input[payload.length + 2] = (byte) 0xff;
    input[payload.length + 3] = (byte) 0xff;
    inflater.setInput(input);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] part = new byte[8192];
    for (int read = inflater.inflate(part); read > 0; read = inflater.inflate(part)) {
      all.write(part, 0, read);
    }
    return all.toByteArray();
  }

  public void assertEnd() throws IOException {
    client.assertEnd();
  }

  public void assertClosed() {
    client.assertClosed();
  }

  public void endOutput() throws IOException {
    client.endOutput();
  }

  public void leave() throws IOException {
    client.leave();
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    client.close();
  }
}
