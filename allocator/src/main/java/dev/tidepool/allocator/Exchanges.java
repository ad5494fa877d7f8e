package dev.tidepool.allocator;

import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;

/**
 * A tracker of a connection's open requests, by the messages that pass. Event loop only.
 *
 * <p>What a method throws fails the read or the write of its message.
 */
interface Exchanges {
  /**
   * Refuses a place in the pipeline where no messages pass.
   *
   * @throws IllegalStateException if {@code ctx} is in such a place; the message says where it
   *     belongs
   */
  default void requirePlace(ChannelHandlerContext ctx) {}

  /** Notes that {@code message} was received. */
  void inbound(Object message);

  /**
   * Notes that {@code message} is about to be written.
   *
   * @return what to run when its write is complete, successful or not; null if no response ends
   *     with it
   */
  @Nullable Runnable outbound(Object message);

  /** Whether a request is open. */
  boolean isOpen();

  /** Whether the connection has switched to another protocol. */
  default boolean isOver() {
    return false;
  }
}
