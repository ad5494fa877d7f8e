package dev.tidepool.echo.protocol;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelPipeline;
import java.util.List;

/** The load client's side of one connection: encodes requests and verifies answers. */
public interface ProtocolClient {
  /**
   * The user event that ends a handshake: the connection is ready for requests. A codec of {@link
   * #addCodec} fires it through the pipeline, once, if the protocol {@linkplain #hasHandshake() has
   * a handshake}.
   */
  Object READY =
      new Object() {
        @Override
        public String toString() {
          return "READY";
        }
      };

  /** Adds the decoders and encoders of the connection; by default none. */
  default void addCodec(ChannelPipeline pipeline) {}

  /**
   * Whether the two sides have to agree on something before the first request. If so, the
   * connection is open when a codec fires {@link #READY}, else when the channel is active. An
   * exception, the end of the connection or the connect timeout before that is a failure to
   * connect. No message may reach the end of the codec before.
   */
  default boolean hasHandshake() {
    return false;
  }

  /** The messages that make up a request, for the codec. Each request is encoded once, in order. */
  List<?> encode(Request request, ByteBufAllocator allocator);

  /**
   * Verifies a message from the codec and leaves its release to the caller. It may be a part of an
   * answer, or parts of several.
   */
  void receive(Object message, Answers answers) throws WrongAnswerException;

  /** Receives what a client has verified. */
  interface Answers {
    /** So many bytes of an answer are right. */
    void verified(int bytes);

    /**
     * The answer to a request is complete and right. Answers may complete in any order.
     *
     * @throws WrongAnswerException if this request is not waiting for an answer
     */
    void answered(long sequence) throws WrongAnswerException;
  }
}
