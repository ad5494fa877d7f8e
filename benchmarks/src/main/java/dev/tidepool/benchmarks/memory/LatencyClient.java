package dev.tidepool.benchmarks.memory;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * A closed loop on a few connections: the next message goes when the last is back. For each number
 * on its standard input it runs a window of so many milliseconds, and answers {@code MESSAGES
 * P50_NANOS P999_NANOS MOST_NANOS}.
 */
final class LatencyClient {
  private static final int CONNECTIONS = 4;
  private static final int MESSAGE_BYTES = 1024;
  private static final int DIGITS = 3;

  private final Selector selector = Selector.open();
  private final ByteBuffer bytes = ByteBuffer.allocateDirect(MESSAGE_BYTES);
  private Histogram histogram = new Histogram(DIGITS);
  private int inFlight;

  private LatencyClient() throws IOException {}

  /** {@code PORT}. */
  public static void main(String[] args) throws IOException {
    LatencyClient client = new LatencyClient();
    for (int i = 0; i < CONNECTIONS; i++) {
      client.open(Integer.parseInt(args[0]));
    }
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      System.out.println(client.window(Long.parseLong(line)));
    }
  }

  private void open(int port) throws IOException {
    SocketChannel channel =
        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.register(selector, SelectionKey.OP_READ, new Message());
  }

  private String window(long millis) throws IOException {
    histogram = new Histogram(DIGITS);
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    for (SelectionKey key : selector.keys()) {
      send(key);
    }
    while (inFlight > 0) {
      selector.select();
      for (SelectionKey key : selector.selectedKeys()) {
        if (isBack(key) && System.nanoTime() < end) {
          send(key);
        }
      }
      selector.selectedKeys().clear();
    }
    return "%d %d %d %d"
        .formatted(
            histogram.getTotalCount(),
            histogram.getValueAtPercentile(50),
            histogram.getValueAtPercentile(99.9),
            histogram.getMaxValue());
  }

  /** One message is less than what a socket takes at once. */
  private void send(SelectionKey key) throws IOException {
    ((Message) key.attachment()).sent = System.nanoTime();
    ((SocketChannel) key.channel()).write(bytes.clear());
    inFlight++;
  }

  private boolean isBack(SelectionKey key) throws IOException {
    Message message = (Message) key.attachment();
    message.read += ((SocketChannel) key.channel()).read(bytes.clear());
    if (message.read < MESSAGE_BYTES) {
      return false;
    }
    message.read = 0;
    histogram.recordValue(System.nanoTime() - message.sent);
    inFlight--;
    return true;
  }

  /** What a connection has in flight. */
  private static final class Message {
    private long sent;
    private int read;
  }
}
