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
 * <p>Connects, says so, {@linkplain Talk talks}, says how many messages came back, and stays
 * connected until its standard input ends.
 */
final class EchoClient {
  static final String CONNECTED = "connected";
  static final String ECHOED = "echoed ";

  static final int CONNECTING_AT_ONCE = 256;

  private static final int WRITTEN_AT_ONCE = 16 * 1024;
  private static final int READ_BYTES = 64 * 1024;

  private final Talk talk;
  private final Selector selector = Selector.open();
  private final ByteBuffer request;
  private final ByteBuffer arriving = ByteBuffer.allocateDirect(READ_BYTES);
  private int connected;
  private long sent;
  private long echoed;
  private boolean isTimeLeft = true;

  private EchoClient(Talk talk) throws IOException {
    this.talk = talk;
    this.request = ByteBuffer.allocateDirect(Math.min(talk.requestBytes(), WRITTEN_AT_ONCE));
  }

  /** {@link Talk#arguments}. */
  public static void main(String[] args) throws IOException {
    EchoClient client = new EchoClient(Talk.of(args));
    client.connect(Integer.parseInt(args[0]));
    System.out.println(CONNECTED);
    client.echo();
    System.out.println(ECHOED + client.echoed);
    System.in.transferTo(OutputStream.nullOutputStream());
  }

  private void connect(int port) throws IOException {
    InetSocketAddress server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    int opened = 0;
    while (connected < talk.connections()) {
      for (; opened < talk.connections() && opened < connected + CONNECTING_AT_ONCE; opened++) {
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

  private void echo() throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(talk.seconds());
    for (SelectionKey key : selector.keys()) {
      ((Connection) key.attachment()).send(talk.inFlight(), key);
    }
    while (echoed < sent) {
      isTimeLeft = System.nanoTime() < end;
      select();
    }
    for (SelectionKey key : selector.keys()) {
      ((Connection) key.attachment()).write(talk.begunBytes(), key);
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
    private final long atLeast = (long) talk.rounds() * talk.inFlight();
    private long requests;
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
      requests += messages;
      write((long) messages * talk.requestBytes(), key);
    }

    void write(long bytes, SelectionKey key) throws IOException {
      toWrite += bytes;
      write(key);
    }

    /**
     * Where the next byte is in its message does not matter: it is zero. Large messages arrive in
     * pieces, mixed with other connections', as over a network.
     */
    private void write(SelectionKey key) throws IOException {
      int written = 1;
      for (int left = WRITTEN_AT_ONCE; toWrite > 0 && written > 0 && left > 0; left -= written) {
        request.clear().limit((int) Math.min(toWrite, request.capacity()));
        written = channel.write(request);
        toWrite -= written;
      }
      key.interestOps(SelectionKey.OP_READ | (toWrite > 0 ? SelectionKey.OP_WRITE : 0));
    }

    private void read(SelectionKey key) throws IOException {
      int bytes = channel.read(arriving.clear());
      if (bytes < 0) {
        throw new IOException("connection: closed by the server (expected: an echo)");
      }
      int size = talk.answerBytes();
      int messages = (int) ((read + bytes) / size - read / size);
      read += bytes;
      echoed += messages;
      if (messages > 0 && (isTimeLeft || requests < atLeast)) {
        send(messages, key);
      }
    }
  }
}
