package dev.tidepool.echo.server;

import dev.tidepool.echo.figures.Failures;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * The last handler of the listener's pipeline: logs that a connection could not be accepted.
 * Netty's acceptor, in front of it, then pauses for a second.
 */
final class AcceptFaultHandler extends ChannelInboundHandlerAdapter {
  private final FaultLog log;

  AcceptFaultHandler(FaultLog log) {
    this.log = log;
  }

  @Override
  @SuppressWarnings("deprecation") // inbound, and not deprecated there
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    log.fault(
        "cannot accept connections: " + Failures.reason(cause) + "; trying again in a second",
        cause);
  }
}
