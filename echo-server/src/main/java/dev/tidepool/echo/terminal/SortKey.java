package dev.tidepool.echo.terminal;

import dev.tidepool.allocator.ConnectionOrder;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The keys that choose the order of the connections: the first letters of the orders' names. */
final class SortKey {
  private SortKey() {}

  static Optional<ConnectionOrder> orderOf(int character) {
    return Arrays.stream(ConnectionOrder.values())
        .filter(order -> order.name().charAt(0) == Character.toUpperCase(character))
        .findFirst();
  }

  /** The order's name, whose first letter is its key. */
  static String name(ConnectionOrder order) {
    return order.name().toLowerCase(Locale.ROOT);
  }
}
