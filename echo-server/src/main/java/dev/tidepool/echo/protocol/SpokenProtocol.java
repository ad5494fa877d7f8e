package dev.tidepool.echo.protocol;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import org.jspecify.annotations.Nullable;

/** The protocol that a connection speaks now, which changes with an upgrade. Any thread. */
public final class SpokenProtocol {
  private static final AttributeKey<String> KEY =
      AttributeKey.valueOf(SpokenProtocol.class, "name");

  private SpokenProtocol() {}

  /** Notes that the connection of {@code channel} speaks the protocol of this name from now on. */
  public static void set(Channel channel, String name) {
    channel.attr(KEY).set(name);
  }

  /**
   * The name of the protocol that {@code channel} speaks, or the connection that it is a stream of;
   * empty if that was not noted.
   */
  public static String of(Channel channel) {
    for (@Nullable Channel at = channel; at != null; at = at.parent()) {
      @Nullable String name = at.hasAttr(KEY) ? at.attr(KEY).get() : null;
      if (name != null) {
        return name;
      }
    }
    return "";
  }
}
