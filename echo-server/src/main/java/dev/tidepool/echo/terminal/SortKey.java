package dev.tidepool.echo.terminal;

import dev.tidepool.allocator.ConnectionOrder;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The keys that choose the order of the connections: the first letters of their names. */
enum SortKey {
  HEAVIEST(ConnectionOrder.HEAVIEST),
  STRAGGLING(ConnectionOrder.STRAGGLING),
  REFUSED(ConnectionOrder.REFUSED),
  BUSIEST(ConnectionOrder.BUSIEST),
  OLDEST(ConnectionOrder.OLDEST);

  private final ConnectionOrder order;

  SortKey(ConnectionOrder order) {
    this.order = order;
  }

  ConnectionOrder order() {
    return order;
  }

  static Optional<SortKey> of(int character) {
    return Arrays.stream(values())
        .filter(key -> key.name().charAt(0) == Character.toUpperCase(character))
        .findFirst();
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
