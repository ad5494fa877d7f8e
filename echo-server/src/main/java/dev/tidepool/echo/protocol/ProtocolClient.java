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
   *
   * @throws WrongAnswerException if an answer is not the one that the protocol requires
   * @throws io.netty.handler.codec.CodecException if what arrived is not the protocol at all
   */
  void receive(Object message, Answers answers) throws WrongAnswerException;

  /**
   * Whether the server has said that it closes the connection, or was asked to: no request may be
   * encoded any more. Those under way are still {@linkplain Answers#answered answered} or
   * {@linkplain Answers#unprocessed left aside}; when none is left, the end of the connection is no
   * error.
   */
  default boolean isEnding() {
    return false;
  }

  /** Receives what a client has verified. */
  interface Answers {
    /** So many bytes of an answer are right. */
    void verified(int bytes);

    /** So many bytes of an answer arrived, and the load was not asked to verify them. */
    void unverified(int bytes);

    /**
     * The answer to a request is complete and right. Answers may complete in any order.
     *
     * @throws WrongAnswerException if this request is not waiting for an answer
     */
    void answered(long sequence) throws WrongAnswerException;

    /**
     * The answer to a request is complete, and its status is an error. The connection goes on.
     *
     * @throws WrongAnswerException if this request is not waiting for an answer
     */
    void refused(long sequence, BadStatusException cause) throws WrongAnswerException;

    /**
     * The server has said that it does not process this request, since the connection {@linkplain
     * ProtocolClient#isEnding() ends}. It is neither answered nor an error: another may be sent in
     * its place on another connection.
     *
     * @throws WrongAnswerException if this request is not waiting for an answer
     */
    void unprocessed(long sequence) throws WrongAnswerException;
  }
}
