package dev.tidepool.echo.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.Random;

/** A client on a plain socket, which can also misbehave. */
public final class TestClient implements AutoCloseable {
  private final Socket socket = new Socket();
  private final DataInputStream in;
  private final DataOutputStream out;

  public TestClient(InetSocketAddress address) throws IOException {
    this(address, null);
  }

  /**
   * @param from the local address, for one has only so many ports; null: any
   */
  public TestClient(InetSocketAddress address, InetAddress from) throws IOException {
    if (from != null) {
      socket.bind(new InetSocketAddress(from, 0));
    }
    int patienceMillis = Math.toIntExact(TestServer.PATIENCE.toMillis());
    socket.connect(address, patienceMillis);
    socket.setSoTimeout(patienceMillis);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(socket.getInputStream());
    out = new DataOutputStream(socket.getOutputStream());
  }

  public InetSocketAddress localAddress() {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  /** Bytes that their seed determines. */
  public static byte[] bytes(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  public static byte[] frame(byte[] payload) {
    return ByteBuffer.allocate(4 + payload.length).putInt(payload.length).put(payload).array();
  }

  public static byte[] length(int length) {
    return ByteBuffer.allocate(4).putInt(length).array();
  }

  public static byte[] concat(byte[] first, byte[] second) {
    return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
  }

  public void send(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  public byte[] receive(int length) throws IOException {
    return in.readNBytes(length);
  }

  /** Receives to the end: the other side's, or a reset. */
  public byte[] receiveAll() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] part = new byte[8192];
    try {
      for (int read = in.read(part); read >= 0; read = in.read(part)) {
        all.write(part, 0, read);
      }
    } catch (SocketException e) {
      assertThat(e).hasMessageContaining("reset");
    }
    return all.toByteArray();
  }

  public void assertEchoes(byte[] bytes) throws IOException {
    send(bytes);
    assertThat(receive(bytes.length)).isEqualTo(bytes);
  }

  /** The connection is over: by this side's reset, or by the other side's end or reset. */
  public void assertClosed() {
    if (socket.isClosed()) {
      return;
    }
    int last;
    try {
      last = in.read();
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("reset");
      return;
    }
    assertThat(last).as("what is read from a closed connection").isEqualTo(-1);
  }

  /** Reads what still comes, such as an alert, and then the end or a reset. */
  public void assertClosedInTheEnd() {
    try {
      in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("reset");
    }
  }

  /** The other side ended in good order. */
  public void assertEnd() throws IOException {
    assertThat(in.read()).isEqualTo(-1);
  }

  /** Ends the output: the half-close. */
  public void endOutput() throws IOException {
    socket.shutdownOutput();
  }

  /** Ends the output, unless the other side has reset the connection already. */
  public void endOutputIfOpen() {
    try {
      socket.shutdownOutput();
    } catch (IOException e) {
      assertThat(e).hasMessageMatching("(?i).*(not connected|reset|broken|closed).*");
    }
  }

  /** Breaks the connection off: the other side gets a reset. */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /** Closes in good order. */
  public void leave() throws IOException {
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
