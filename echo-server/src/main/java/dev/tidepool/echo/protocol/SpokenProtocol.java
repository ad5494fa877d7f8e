package dev.tidepool.echo.protocol;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import org.jspecify.annotations.Nullable;

/** The protocol that a connection speaks now, which is not the server's if it has switched. */
public final class SpokenProtocol {
  private static final AttributeKey<String> SWITCHED =
      AttributeKey.valueOf(SpokenProtocol.class, "switched");

  private SpokenProtocol() {}

  /** Notes that the connection of {@code channel} has switched to the protocol of this name. */
  public static void switched(Channel channel, String name) {
    channel.attr(SWITCHED).set(name);
  }

  /**
   * The name of the protocol that {@code channel} speaks, or the connection that it is a stream of.
   * Any thread.
   *
   * @param server what the server speaks to begin with
   */
  public static String of(Channel channel, Protocol server) {
    for (@Nullable Channel at = channel; at != null; at = at.parent()) {
      @Nullable String switched = at.hasAttr(SWITCHED) ? at.attr(SWITCHED).get() : null;
      if (switched != null) {
        return switched;
      }
    }
    return server.firstSpoken();
  }
}
