package dev.tidepool.echo.server;

import dev.tidepool.echo.figures.Addresses;
import dev.tidepool.echo.figures.Failures;
import dev.tidepool.echo.protocol.RequestFault;
import dev.tidepool.echo.protocol.RequestProgress;
import dev.tidepool.echo.tls.TlsFault;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import javax.net.ssl.SSLException;

/** The last handler of a connection: logs its first fault and closes it. */
final class FaultHandler extends ChannelInboundHandlerAdapter {
  private final RequestProgress progress;
  private final ServerTotals totals;
  private final FaultLog log;
  private boolean failed;

  FaultHandler(RequestProgress progress, ServerTotals totals, FaultLog log) {
    this.progress = progress;
    this.totals = totals;
    this.log = log;
  }

  /** A fault of one request leaves the connection as it is. */
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof RequestFault fault) {
      totals.failed();
      log.fault(
          "connection %s: %s: %s; only that ended"
              .formatted(
                  Addresses.text(ctx.channel().remoteAddress()),
                  fault.request(),
                  Failures.reason(fault.cause())),
          fault.cause());
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!failed) {
      failed = true;
      totals.failed();
      SSLException tls = TlsFault.of(cause);
      Throwable fault = tls == null ? cause : tls;
      log.fault(line(ctx.channel().remoteAddress(), fault), fault);
      ctx.flush();
    }
    ctx.close();
  }

  private String line(SocketAddress remote, Throwable cause) {
    return "connection " + Addresses.text(remote) + ": " + problem(cause) + "; closed";
  }

  private String problem(Throwable cause) {
    if (cause instanceof DecoderException && cause.getCause() == null) {
      return String.valueOf(cause.getMessage());
    }
    if (cause instanceof ClosedChannelException) {
      return "ended before its echo was sent, expected it to read all";
    }
    if (cause instanceof SSLException fault) {
      return TlsFault.describe(fault);
    }
    if (cause instanceof IOException) {
      return cause.getMessage() + " (" + progress.describe() + "), expected an orderly close";
    }
    return "unexpected " + cause;
  }
}
