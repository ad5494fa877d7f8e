package dev.tidepool.echo.protocol.http2;

import dev.tidepool.echo.protocol.Protocol;
import dev.tidepool.echo.protocol.RequestProgress;
import dev.tidepool.echo.protocol.SpokenProtocol;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2FrameCodec;
import java.util.List;

/**
 * The handler in front of HTTP/1.1's codec that looks whether the client begins with the preface of
 * HTTP/2, as one with prior knowledge does, or one that ALPN has told. If so it puts HTTP/2's codec
 * in the place of HTTP/1.1's, and tells the handlers behind by {@link #HTTP_2}. It leaves when it
 * knows.
 */
public final class PrefaceDetector extends ByteToMessageDecoder implements RequestProgress {
  /** The user event that the connection speaks HTTP/2. */
  public static final Object HTTP_2 =
      new Object() {
        @Override
        public String toString() {
          return "HTTP_2";
        }
      };

  private final List<ChannelHandler> codec;
  private RequestProgress progress;

  /**
   * @param codec HTTP/1.1's
   * @param progress of a request in HTTP/1.1
   */
  public PrefaceDetector(List<ChannelHandler> codec, RequestProgress progress) {
    this.codec = codec;
    this.progress = progress;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    ByteBuf preface = Http2CodecUtil.connectionPrefaceBuf();
    int length = Math.min(in.readableBytes(), preface.readableBytes());
    if (!ByteBufUtil.equals(in, in.readerIndex(), preface, 0, length)) {
      ctx.pipeline().remove(this);
    } else if (length == preface.readableBytes()) {
      switchTo(ctx.pipeline(), Codecs.server());
      SpokenProtocol.set(ctx.channel(), "h2");
      ctx.fireUserEventTriggered(HTTP_2);
      ctx.pipeline().remove(this);
    }
  }

  /** The boundary is by bursts of reads then: one by messages would see none of the streams'. */
  private void switchTo(ChannelPipeline pipeline, Http2FrameCodec http2) {
    codec.forEach(pipeline::remove);
    if (pipeline.get(Protocol.BOUNDARY) != null) {
      pipeline.remove(Protocol.BOUNDARY);
    }
    progress = new OpenStreams(http2.connection());
    String name = pipeline.context(this).name();
    pipeline.addAfter(name, "http2 connection", new ConnectionHandler(http2.connection()));
    pipeline.addAfter(name, "http2 codec", http2);
  }

  @Override
  public boolean midRequest() {
    return progress.midRequest();
  }

  @Override
  public String describe() {
    return progress.describe();
  }

  @Override
  public Object farewell() {
    return progress.farewell();
  }
}
