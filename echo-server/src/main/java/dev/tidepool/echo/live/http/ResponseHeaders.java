package dev.tidepool.echo.live.http;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DateFormatter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.AsciiString;
import java.util.Date;
import java.util.Map;

/**
 * The handler that adds to each response what all have: the date, and what keeps a browser from
 * running, framing or handing to other sites what is not meant for that.
 */
@Sharable
final class ResponseHeaders extends ChannelOutboundHandlerAdapter {
  static final ResponseHeaders INSTANCE = new ResponseHeaders();

  private static final Map<AsciiString, String> ALWAYS =
      Map.of(
          HttpHeaderNames.CONTENT_SECURITY_POLICY,
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
              + " connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none';"
              + " frame-ancestors 'none'",
          AsciiString.cached("x-content-type-options"),
          "nosniff",
          HttpHeaderNames.X_FRAME_OPTIONS,
          "DENY",
          AsciiString.cached("referrer-policy"),
          "no-referrer",
          AsciiString.cached("cross-origin-resource-policy"),
          "same-origin",
          AsciiString.cached("cross-origin-opener-policy"),
          "same-origin");

  private ResponseHeaders() {}

  @Override
  @SuppressWarnings("JavaUtilDate") // what Netty's formatter takes
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    if (message instanceof HttpResponse response && response.status().code() != 100) {
      HttpHeaders headers = response.headers();
      ALWAYS.forEach(headers::set);
      headers.set(HttpHeaderNames.DATE, DateFormatter.format(new Date()));
      if (!headers.contains(HttpHeaderNames.CACHE_CONTROL)) {
        headers.set(HttpHeaderNames.CACHE_CONTROL, "no-store");
      }
    }
    ctx.write(message, promise);
  }
}
