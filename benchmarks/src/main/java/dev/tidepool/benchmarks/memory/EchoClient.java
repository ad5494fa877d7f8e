package dev.tidepool.benchmarks.memory;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;

/**
 * The other end of every connection, in a process of its own: its memory and its sockets are not
 * the server's. On plain NIO, without an allocator.
 *
 * <p>Connects, says so, keeps some messages in flight on each connection for a while, says how many
 * came back, and stays connected until its standard input ends.
 */
final class EchoClient {
  static final String CONNECTED = "connected";
  static final String ECHOED = "echoed ";

  private static final int MESSAGE_BYTES = 1024;
  private static final int CONNECTING_AT_ONCE = 256;

  private final Selector selector = Selector.open();
  private final ByteBuffer message = ByteBuffer.allocateDirect(MESSAGE_BYTES);
  private final ByteBuffer arriving = ByteBuffer.allocateDirect(64 * MESSAGE_BYTES);
  private int connected;
  private long sent;
  private long echoed;
  private boolean isTimeLeft = true;

  private EchoClient() throws IOException {}

  /**
   * {@code PORT CONNECTIONS IN_FLIGHT SECONDS}. With 0 seconds each message in flight goes once.
   */
  public static void main(String[] args) throws IOException {
    EchoClient client = new EchoClient();
    client.connect(Integer.parseInt(args[0]), Integer.parseInt(args[1]));
    System.out.println(CONNECTED);
    client.echo(Integer.parseInt(args[2]), Integer.parseInt(args[3]));
    System.out.println(ECHOED + client.echoed);
    System.in.transferTo(OutputStream.nullOutputStream());
  }

  private void connect(int port, int connections) throws IOException {
    InetSocketAddress server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    int opened = 0;
    while (connected < connections) {
      for (; opened < connections && opened < connected + CONNECTING_AT_ONCE; opened++) {
        open(server);
      }
      select();
    }
  }

  private void open(InetSocketAddress server) throws IOException {
    SocketChannel channel = SocketChannel.open();
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.setOption(StandardSocketOptions.SO_LINGER, 0); // leaves no port waiting behind
    channel.connect(server);
    channel.register(selector, SelectionKey.OP_CONNECT, new Connection(channel));
  }

  private void echo(int inFlight, int seconds) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    for (SelectionKey key : selector.keys()) {
      ((Connection) key.attachment()).send(inFlight, key);
    }
    while (echoed < sent) {
      isTimeLeft = System.nanoTime() < end;
      select();
    }
  }

  private void select() throws IOException {
    selector.select(
        key -> {
          try {
            ((Connection) key.attachment()).ready(key);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /** One connection; counts in bytes, as its messages are all alike. */
  private final class Connection {
    private final SocketChannel channel;
    private long toWrite;
    private long read;

    Connection(SocketChannel channel) {
      this.channel = channel;
    }

    void ready(SelectionKey key) throws IOException {
      if (key.isConnectable()) {
        channel.finishConnect();
        key.interestOps(SelectionKey.OP_READ);
        connected++;
        return;
      }
      if (key.isReadable()) {
        read(key);
      }
      if (key.isWritable()) {
        write(key);
      }
    }

    void send(int messages, SelectionKey key) throws IOException {
      sent += messages;
      toWrite += (long) messages * MESSAGE_BYTES;
      write(key);
    }

    /** Where the next byte is in its message does not matter: it is zero. */
    private void write(SelectionKey key) throws IOException {
      int written = 1;
      while (toWrite > 0 && written > 0) {
        message.clear().limit((int) Math.min(toWrite, MESSAGE_BYTES));
        written = channel.write(message);
        toWrite -= written;
      }
      key.interestOps(SelectionKey.OP_READ | (toWrite > 0 ? SelectionKey.OP_WRITE : 0));
    }

    private void read(SelectionKey key) throws IOException {
      int bytes = channel.read(arriving.clear());
      if (bytes < 0) {
        throw new IOException("connection: closed by the server (expected: an echo)");
      }
      int messages = (int) ((read + bytes) / MESSAGE_BYTES - read / MESSAGE_BYTES);
      read += bytes;
      echoed += messages;
      if (isTimeLeft && messages > 0) {
        send(messages, key);
      }
    }
  }
}
