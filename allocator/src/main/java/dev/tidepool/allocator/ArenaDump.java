package dev.tidepool.allocator;

/** The text of {@link ConnectionArena#dump()}: figures, stragglers, open holds. */
final class ArenaDump {
  private ArenaDump() {}

  static String of(ConnectionArena arena) {
    StringBuilder text = new StringBuilder(arena.toString());
    for (Survivor survivor : Survivor.oldest(arena, Long.MAX_VALUE)) {
      text.append("%n  straggler of ".formatted()).append(survivor);
    }
    for (RequestHold hold : arena.openHolds()) {
      text.append("%n  ".formatted()).append(HoldReport.of(arena.connection(), hold));
    }
    return text.toString();
  }
}
