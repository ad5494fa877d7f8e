package dev.tidepool.echo.protocol.http;

import dev.tidepool.echo.protocol.RequestProgress;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/**
 * Decodes requests, knows how much of the current one has arrived, and refuses folded header lines,
 * which Netty's decoder unfolds. Event loop only.
 */
final class RequestDecoder extends HttpRequestDecoder implements RequestProgress {
  private static final long CHUNKED = -1;

  /** Not larger than a read, so that the content of a read is one message. */
  private static final int LARGEST_CONTENT = 64 << 10;

  private boolean inHead;
  private boolean inBody;
  private long bodyLength;
  private long bodyArrived;

  /** Whether nothing more is decoded, as the connection is about to close. */
  private boolean done;

  RequestDecoder() {
    super(new HttpDecoderConfig().setMaxChunkSize(LARGEST_CONTENT));
  }

  /** Has all further input discarded. */
  void stop() {
    done = true;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
    if (done) {
      in.skipBytes(in.readableBytes());
    } else if (!inBody && FoldedLine.isIn(in, inHead)) {
      in.skipBytes(in.readableBytes());
      note(folded(), out);
    } else {
      decodeNext(ctx, in, out);
    }
  }

  private HttpMessage folded() {
    HttpMessage message = createInvalidMessage();
    message.setDecoderResult(
        DecoderResult.failure(
            new IllegalArgumentException(
                "a line of the header begins with white space, expected a field's name")));
    return message;
  }

  private void note(HttpMessage message, List<Object> out) {
    out.add(message);
    note(message);
  }

  private void decodeNext(ChannelHandlerContext ctx, ByteBuf in, List<Object> out)
      throws Exception {
    int position = in.readerIndex();
    int decoded = out.size();
    super.decode(ctx, in, out);
    if (out.size() == decoded) {
      inHead |= !inBody && hasLine(in, position);
    }
    for (Object message : out.subList(decoded, out.size())) {
      note((HttpObject) message);
    }
  }

  /** Whether more was read than the empty lines that may come before a request. */
  private static boolean hasLine(ByteBuf in, int position) {
    return in.forEachByte(position, in.readerIndex() - position, RequestDecoder::isSkipped) >= 0;
  }

  private static boolean isSkipped(byte value) {
    return Character.isISOControl(value) || Character.isWhitespace(value);
  }

  private void note(HttpObject message) {
    done |= message.decoderResult().isFailure();
    if (message instanceof HttpMessage head) {
      inHead = false;
      inBody = true;
      bodyArrived = 0;
      bodyLength = HttpUtil.getContentLength(head, CHUNKED);
    }
    if (message instanceof HttpContent content) {
      bodyArrived += content.content().readableBytes();
      inBody = !(content instanceof LastHttpContent);
    }
  }

  @Override
  protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out)
      throws Exception {
    super.decodeLast(ctx, in, out);
    for (Object message : out) {
      done |= ((HttpObject) message).decoderResult().isFailure();
    }
    if (midRequest()) {
      String arrived = describe();
      done = true;
      throw new CorruptedFrameException(
          "input ended after " + arrived + ", expected the whole request");
    }
  }

  @Override
  public boolean midRequest() {
    return !done && (inBody || inHead || actualReadableBytes() > 0);
  }

  @Override
  public String describe() {
    if (!midRequest()) {
      return "between requests";
    }
    if (!inBody) {
      return "a part of a request's head";
    }
    return bodyLength == CHUNKED
        ? bodyArrived + " bytes of a chunked body"
        : bodyArrived + " of the " + bodyLength + " bytes of a request's body";
  }
}
