package dev.tidepool.echo.live.http;

import dev.tidepool.allocator.PoolSnapshot.IdleClass;
import dev.tidepool.echo.live.LiveFeed;
import dev.tidepool.echo.live.LiveSnapshot;
import dev.tidepool.echo.live.Subscription;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Samples that a test makes. */
final class TestFeed implements LiveFeed {
  private final List<Consumer<LiveSnapshot>> subscribers = new CopyOnWriteArrayList<>();
  private final AtomicInteger asked = new AtomicInteger();
  private final int connections;
  private volatile LiveSnapshot latest;

  /**
   * @param connections how many a sample lists
   */
  TestFeed(int connections) {
    this.connections = connections;
    this.latest = sample(1);
  }

  /** Makes a sample and hands it to the subscribers. */
  void tick(long atMillis) {
    latest = sample(atMillis);
    subscribers.forEach(subscriber -> subscriber.accept(latest));
  }

  /** How often the latest sample was asked for. */
  int asked() {
    return asked.get();
  }

  int subscribers() {
    return subscribers.size();
  }

  private LiveSnapshot sample(long atMillis) {
    List<LiveSnapshot.Connection> listed = new ArrayList<>();
    for (int id = 1; id <= connections; id++) {
      listed.add(connection(id));
    }
    return new LiveSnapshot(
        atMillis,
        100,
        new LiveSnapshot.Header(connections, 12.5, 12.5, 1 << 20, 4096, 2048, 2048, 3, 0, 0, 0),
        List.of(
            new LiveSnapshot.Loop(
                "echo-server-1", false, 4096, 0, 0, 0, List.of(new IdleClass(4096, true, 1)))),
        listed,
        point(atMillis),
        new LiveSnapshot.Server("http", "nio", "arena", "127.0.0.1:7007", false, "off"));
  }

  private static LiveSnapshot.Point point(long atMillis) {
    return new LiveSnapshot.Point(atMillis, 1 << 20, 4096, 2048, 512, 12.5, 12.5, 1000, 2000, 3000);
  }

  private static LiveSnapshot.Connection connection(int id) {
    return new LiveSnapshot.Connection(
        id,
        "/127.0.0.1:" + (40_000 + id),
        "http",
        "open",
        1000,
        10,
        10,
        65_536,
        4096,
        8192,
        2,
        2048,
        1024,
        0,
        5120,
        0,
        3,
        0,
        0,
        0,
        java.util.Collections.nCopies(64, 4096L));
  }

  @Override
  public LiveSnapshot latest() {
    asked.incrementAndGet();
    return latest;
  }

  @Override
  public List<LiveSnapshot.Point> history() {
    return List.of(point(1), point(2));
  }

  @Override
  public Subscription subscribe(Consumer<LiveSnapshot> subscriber) {
    subscribers.add(subscriber);
    return () -> subscribers.remove(subscriber);
  }
}
