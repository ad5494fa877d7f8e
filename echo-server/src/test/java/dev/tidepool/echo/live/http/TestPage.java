package dev.tidepool.echo.live.http;

import dev.tidepool.echo.live.LeakLog;
import dev.tidepool.echo.server.AllocatorChoice;
import dev.tidepool.echo.server.LiveConnections;
import dev.tidepool.echo.server.ServerFigures;
import dev.tidepool.echo.server.ServerMemory;
import dev.tidepool.echo.server.ServerTotals;
import dev.tidepool.echo.testing.TestServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A page of no server, whose samples a test makes, on any free port. */
final class TestPage implements AutoCloseable {
  final TestFeed feed;
  final LeakLog leaks = new LeakLog(LiveConnections::name);
  final List<String> faults = new CopyOnWriteArrayList<>();
  final PageServer server;
  final InetSocketAddress address;

  TestPage() throws IOException {
    this(new TestFeed(3), 100, 50, Duration.ofSeconds(5));
  }

  TestPage(TestFeed feed, int connections, int viewers, Duration patience) throws IOException {
    this.feed = feed;
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server =
        new PageServer(
            new PageConfig(any, "127.0.0.1", connections, viewers, patience),
            new PageSource(
                feed,
                leaks,
                new ServerMemory(AllocatorChoice.CONNECTION.create()),
                new ServerTotals(),
                () -> new ServerFigures(1, "arena", 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15),
                null),
            (line, cause) -> faults.add(line));
    address = server.start();
  }

  PageClient client() throws IOException {
    return new PageClient(address);
  }

  long memory() {
    return server.memory().usedDirectMemory() + server.memory().usedHeapMemory();
  }

  /** Waits until the page's own allocator holds nothing. */
  void awaitNoMemory() {
    TestServer.await("the page holds no memory", () -> memory() == 0);
  }

  @Override
  public void close() {
    server.close();
    awaitNoMemory();
  }
}
