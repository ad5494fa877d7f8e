package dev.tidepool.echo.server;

import dev.tidepool.echo.figures.Failures;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Last in the listener's pipeline, behind Netty's acceptor, which pauses for a second when a
 * connection cannot be accepted.
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
