package dev.tidepool.echo.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import java.nio.ByteOrder;
import java.util.List;

/** Decodes frames without removing their headers, so that they can be echoed as they are. */
final class FrameDecoder extends LengthFieldBasedFrameDecoder implements RequestProgress {
  private static final int HEADER_BYTES = FramedProtocol.HEADER_BYTES;

  FrameDecoder() {
    super(HEADER_BYTES + Protocol.LARGEST_PAYLOAD, 0, HEADER_BYTES, 0, 0);
  }

  @Override
  protected long getUnadjustedFrameLength(ByteBuf in, int offset, int length, ByteOrder order) {
    int payload = in.getInt(offset);
    if (payload < 0 || payload > Protocol.LARGEST_PAYLOAD) {
      throw new CorruptedFrameException(
          "frame length " + payload + ", expected 0 to " + Protocol.LARGEST_PAYLOAD);
    }
    return payload;
  }

  @Override
  protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out)
      throws Exception {
    super.decodeLast(ctx, in, out);
    if (in.isReadable()) {
      throw new CorruptedFrameException(
          "input ended after " + describe(in) + ", expected the whole frame");
    }
  }

  @Override
  public boolean midRequest() {
    return actualReadableBytes() > 0;
  }

  @Override
  public String describe() {
    return midRequest() ? describe(internalBuffer()) : "between frames";
  }

  private static String describe(ByteBuf partial) {
    int arrived = partial.readableBytes();
    if (arrived < HEADER_BYTES) {
      return arrived + " of the " + HEADER_BYTES + " bytes of a frame's length";
    }
    int payload = partial.getInt(partial.readerIndex());
    return (arrived - HEADER_BYTES) + " of the " + payload + " bytes of a frame's payload";
  }
}
