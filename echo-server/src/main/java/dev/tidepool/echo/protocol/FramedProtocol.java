package dev.tidepool.echo.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;

/** Echoes frames: a 4-byte big-endian length, then as many bytes of payload. */
public record FramedProtocol() implements Protocol {
  static final int HEADER_BYTES = Integer.BYTES;

  @Override
  public String name() {
    return "framed";
  }

  @Override
  public String description() {
    return "4-byte length and payload, 16 MiB at most";
  }

  @Override
  public RequestProgress addServerCodec(ChannelPipeline pipeline) {
    FrameDecoder decoder = new FrameDecoder();
    pipeline.addLast(decoder);
    return decoder;
  }

  @Override
  public ChannelHandler newResponder(LongConsumer answered) {
    return new EchoResponder(answered);
  }

  @Override
  public ProtocolClient newClient(LongFunction<Request> requests) {
    return new EchoClient(requests, request -> new Frame(request.payload()));
  }

  /** A frame as it is on the wire. */
  record Frame(ByteSequence payload) implements ByteSequence {
    @Override
    public int length() {
      return HEADER_BYTES + payload.length();
    }

    @Override
    public byte at(int position) {
      if (position < HEADER_BYTES) {
        return (byte) (payload.length() >>> (Byte.SIZE * (HEADER_BYTES - 1 - position)));
      }
      return payload.at(position - HEADER_BYTES);
    }

    @Override
    public void writeTo(ByteBuf out) {
      out.writeInt(payload.length());
      payload.writeTo(out);
    }

    @Override
    public int matching(int position, ByteBuf in, int index, int length) {
      int header = Math.min(length, Math.max(0, HEADER_BYTES - position));
      int matching = ByteSequence.super.matching(position, in, index, header);
      if (matching < header) {
        return matching;
      }
      int inPayload = position + header - HEADER_BYTES;
      return header + payload.matching(inPayload, in, index + header, length - header);
    }
  }
}
