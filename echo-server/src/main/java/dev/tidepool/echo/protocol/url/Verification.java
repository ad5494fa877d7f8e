package dev.tidepool.echo.protocol.url;

import java.util.Locale;

/** What a load verifies of each answer. */
public enum Verification {
  /** Nothing but that there is one. */
  OFF,
  /** Its status: 2xx or 3xx. */
  STATUS,
  /** Its status, and that its body is as long as the first one's. */
  LENGTH,
  /** That its status is 2xx, and its body the request's, byte for byte. */
  FULL;

  /** As the command line calls it: in lower case. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
