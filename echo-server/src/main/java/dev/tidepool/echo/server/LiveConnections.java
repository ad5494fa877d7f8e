package dev.tidepool.echo.server;

import dev.tidepool.allocator.ConnectionSnapshot;
import dev.tidepool.echo.figures.Addresses;
import dev.tidepool.echo.live.LiveSnapshot;
import dev.tidepool.echo.protocol.SpokenProtocol;
import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2StreamChannel;
import java.net.SocketAddress;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Makes the live view's connections of snapshots of their arenas. */
public final class LiveConnections {
  private final Predicate<Object> isLeaking;

  /**
   * @param isLeaking whether a leak was reported of what an arena was opened for
   */
  public LiveConnections(Predicate<Object> isLeaking) {
    this.isLeaking = isLeaking;
  }

  public LiveSnapshot.Connection of(ConnectionSnapshot arena) {
    Object connection = arena.arena().connection();
    return new LiveSnapshot.Connection(
        arena.id(),
        name(connection),
        connection instanceof Channel channel ? SpokenProtocol.of(channel) : "",
        state(arena),
        arena.age().toMillis(),
        arena.requests(),
        arena.resets(),
        arena.allocatedBytes(),
        arena.peakRequestBytes(),
        arena.peakHeldBytes(),
        arena.blocks(),
        arena.aliveBytes(),
        arena.releasedBytes(),
        arena.stragglingBytes(),
        arena.freeBytes(),
        arena.overflowBytes(),
        arena.liveBuffers(),
        arena.stragglers(),
        arena.refusals(),
        arena.pauses(),
        arena.recentRequestBytes());
  }

  /** A leak is reported after the close; what is closed and has living buffers is closing. */
  private String state(ConnectionSnapshot arena) {
    if (isLeaking.test(arena.arena().connection())) {
      return "leaking";
    }
    if (arena.closed()) {
      return "closing";
    }
    return arena.paused() ? "paused" : "open";
  }

  /** The address of its peer; a stream's with its number. */
  public static String name(Object connection) {
    if (connection instanceof Http2StreamChannel stream) {
      return name(stream.parent()) + " stream " + stream.stream().id();
    }
    if (connection instanceof Channel channel) {
      @Nullable SocketAddress remote = channel.remoteAddress();
      return remote == null ? channel.toString() : Addresses.text(remote);
    }
    return connection.toString();
  }
}
