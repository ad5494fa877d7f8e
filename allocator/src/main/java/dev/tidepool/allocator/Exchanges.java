package dev.tidepool.allocator;

import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;

/**
 * Knows by its messages which requests of a connection are open. Event loop only.
 *
 * <p>What it throws fails the read or the write of the message it was asked about.
 */
interface Exchanges {
  /**
   * Refuses a place in the pipeline where no messages pass.
   *
   * @throws IllegalStateException says where the handler belongs
   */
  default void requirePlace(ChannelHandlerContext ctx) {}

  /** {@code message} was received. */
  void inbound(Object message);

  /**
   * {@code message} is about to be written.
   *
   * @return what to run when its write is complete, whether it succeeded or not; null if nothing
   *     ends with it
   */
  @Nullable Runnable outbound(Object message);

  /** Whether a request is open. */
  boolean isOpen();

  /** Whether the connection has gone over to another protocol. */
  default boolean isOver() {
    return false;
  }
}
