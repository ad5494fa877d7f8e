package dev.tidepool.echo.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A server on plain sockets that serves one connection after the other, in one of several wrong
 * ways.
 */
public final class ScriptedServer implements AutoCloseable {

  /** What is done with one connection; it is closed when this returns. */
  @FunctionalInterface
  private interface Script {
    void play(InputStream in, OutputStream out) throws IOException;
  }

  private final ServerSocket listener;
  private final Thread thread;

  private ScriptedServer(Script script) throws IOException {
    listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    thread = new Thread(() -> serve(script), "scripted-server");
    thread.start();
  }

  /** Echoes all, but for one bit of the byte at this position of all that arrives. */
  public static ScriptedServer flippingByte(long position) throws IOException {
    AtomicLong at = new AtomicLong();
    return new ScriptedServer(
        (in, out) -> {
          for (int next = in.read(); next >= 0; next = in.read()) {
            out.write(at.getAndIncrement() == position ? next ^ 0x10 : next);
          }
        });
  }

  /** Echoes so many bytes of each connection, then closes it. */
  public static ScriptedServer closingAfter(long bytes) throws IOException {
    return new ScriptedServer(
        (in, out) -> {
          for (long left = bytes; left > 0; left--) {
            out.write(in.read());
          }
        });
  }

  /** Echoes so many bytes of each connection and one more in the same breath. */
  public static ScriptedServer addingAByteAfter(int bytes) throws IOException {
    return new ScriptedServer(
        (in, out) -> {
          byte[] echo = Arrays.copyOf(in.readNBytes(bytes), bytes + 1);
          echo[bytes] = 0x7f;
          out.write(echo);
          in.transferTo(OutputStream.nullOutputStream());
        });
  }

  /** Reads and never answers. */
  public static ScriptedServer silent() throws IOException {
    return new ScriptedServer((in, out) -> in.transferTo(OutputStream.nullOutputStream()));
  }

  public int port() {
    return listener.getLocalPort();
  }

  private void serve(Script script) {
    while (!listener.isClosed()) {
      try (Socket socket = listener.accept()) {
        script.play(socket.getInputStream(), socket.getOutputStream());
      } catch (IOException e) {
        if (!listener.isClosed()
            && !String.valueOf(e.getMessage()).matches(".*([Rr]eset|[Bb]roken).*")) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    try {
      thread.join(TestServer.PATIENCE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
