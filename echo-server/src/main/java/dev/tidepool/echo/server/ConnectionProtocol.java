package dev.tidepool.echo.server;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import org.jspecify.annotations.Nullable;

/** The protocol that a connection speaks, as the live view names it. */
public final class ConnectionProtocol {
  private static final AttributeKey<String> KEY =
      AttributeKey.valueOf(ConnectionProtocol.class, "protocol");

  private ConnectionProtocol() {}

  /** Any thread; a later protocol, after an upgrade, takes the earlier one's place. */
  public static void set(Channel connection, String protocol) {
    connection.attr(KEY).set(protocol);
  }

  /** That of the channel, or of the connection that it is a stream of; empty if neither has one. */
  public static String of(Channel channel) {
    @Nullable String protocol = channel.attr(KEY).get();
    if (protocol != null) {
      return protocol;
    }
    @Nullable Channel parent = channel.parent();
    return parent == null ? "" : of(parent);
  }
}
