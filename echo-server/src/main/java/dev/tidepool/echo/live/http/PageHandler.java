package dev.tidepool.echo.live.http;

import dev.tidepool.echo.figures.Addresses;
import dev.tidepool.echo.figures.Failures;
import dev.tidepool.echo.server.FaultLog;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * The last handler of a connection to the page: answers one request after the other. While one is
 * being answered nothing is read, and what was read before waits in the handler in front.
 */
final class PageHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
  private final RequestCheck check;
  private final Routes routes;
  private final Deadline deadline;
  private final FaultLog faults;

  PageHandler(RequestCheck check, Routes routes, Deadline deadline, FaultLog faults) {
    this.check = check;
    this.routes = routes;
    this.deadline = deadline;
    this.faults = faults;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
    ctx.channel().config().setAutoRead(false);
    deadline.restart(ctx, Deadline.RESPONSE);
    boolean headOnly = HttpMethod.HEAD.equals(request.method());
    boolean keepAlive = HttpUtil.isKeepAlive(request) && request.decoderResult().isSuccess();
    answer(ctx, request)
        .whenComplete(
            (answer, failure) ->
                ctx.executor()
                    .execute(
                        () ->
                            give(
                                ctx,
                                failure == null ? answer : failed(ctx, failure),
                                headOnly,
                                keepAlive)));
  }

  private CompletionStage<? extends Answer> answer(
      ChannelHandlerContext ctx, FullHttpRequest request) {
    try {
      check.check(request, (InetSocketAddress) ctx.channel().localAddress());
      return routes.answer(PageRequest.of(request));
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private Answer failed(ChannelHandlerContext ctx, Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof RefusedException refused) {
      return refused.reply();
    }
    log(ctx, cause, "answered with an error");
    return new RefusedException(
            HttpResponseStatus.INTERNAL_SERVER_ERROR, "the page's server has failed; see its log")
        .reply();
  }

  private void give(ChannelHandlerContext ctx, Answer answer, boolean headOnly, boolean keepAlive) {
    if (answer instanceof Answer.Takeover stream) {
      stream.begin(ctx.channel());
    } else {
      write(ctx, ((Reply) answer).toMessage(headOnly), keepAlive);
    }
  }

  private void write(ChannelHandlerContext ctx, FullHttpResponse response, boolean keepAlive) {
    HttpUtil.setKeepAlive(response, keepAlive);
    ctx.writeAndFlush(response)
        .addListener(
            written -> {
              deadline.restart(ctx, Deadline.NEXT);
              ctx.channel().config().setAutoRead(true);
            });
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!(cause instanceof IOException)) { // a viewer may well leave
      log(ctx, cause, "closed");
    }
    ctx.close();
  }

  private void log(ChannelHandlerContext ctx, Throwable cause, String end) {
    String remote = Addresses.text(ctx.channel().remoteAddress());
    faults.fault(
        "page: connection %s: %s; %s".formatted(remote, Failures.reason(cause), end), cause);
  }
}
