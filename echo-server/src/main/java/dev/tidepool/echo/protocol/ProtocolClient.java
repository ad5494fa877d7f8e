package dev.tidepool.echo.protocol;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelPipeline;
import java.util.List;

/** The load client's side of one connection: encodes requests and verifies answers. */
public interface ProtocolClient {
  /** Adds the decoders and encoders of the connection; by default none. */
  default void addCodec(ChannelPipeline pipeline) {}

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
