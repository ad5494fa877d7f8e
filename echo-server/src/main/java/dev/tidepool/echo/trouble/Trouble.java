package dev.tidepool.echo.trouble;

import dev.tidepool.echo.load.SizeMix;
import dev.tidepool.echo.load.SizeMix.SizeRange;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The kinds of trouble that a viewer can start. */
public enum Trouble {
  SLOW_READER("slow-reader", "Clients that read their answers slowly", 4, 20, 4 << 10, 64 << 10),
  LEAK("leak", "A handler that forgets to release buffers", 1, 1, 100, 2_000),
  BURST("burst", "Many clients at once, with many requests each", 64, 5, 64, 64 << 10),
  GREEDY("greedy", "Clients that never read, and whose handlers hoard", 4, 20, 64, 64 << 10);

  private final String id;
  private final String title;
  private final int connections;
  private final Duration time;
  private final int smallest;
  private final int largest;

  Trouble(String id, String title, int connections, int seconds, int smallest, int largest) {
    this.id = id;
    this.title = title;
    this.connections = connections;
    this.time = Duration.ofSeconds(seconds);
    this.smallest = smallest;
    this.largest = largest;
  }

  /** The trouble that the page calls so. */
  public static Optional<Trouble> of(String id) {
    return Arrays.stream(values()).filter(trouble -> trouble.id.equals(id)).findFirst();
  }

  /** What the page calls it. */
  public String id() {
    return id;
  }

  /** What it is, in a few words. */
  public String title() {
    return title;
  }

  int connections() {
    return connections;
  }

  /** How long its clients go on. */
  Duration time() {
    return time;
  }

  /** The sizes of its requests. */
  SizeMix sizes() {
    return new SizeMix(id, List.of(new SizeRange(smallest, largest)));
  }
}
