package dev.tidepool.echo.live.http;

import dev.tidepool.echo.figures.Addresses;
import dev.tidepool.echo.figures.Failures;
import dev.tidepool.echo.server.FaultLog;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
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

  /** Whether the last response is written. */
  private boolean closing;

  PageHandler(RequestCheck check, Routes routes, Deadline deadline, FaultLog faults) {
    this.check = check;
    this.routes = routes;
    this.deadline = deadline;
    this.faults = faults;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
    if (closing) {
      return;
    }
    ctx.channel().config().setAutoRead(false);
    deadline.restart(ctx, Deadline.RESPONSE);
    Form form = Form.of(request);
    answer(ctx, request)
        .whenComplete(
            (answer, failure) ->
                ctx.executor()
                    .execute(
                        () -> give(ctx, failure == null ? answer : failed(ctx, failure), form)));
  }

  /** What of a request decides on the form of its response. */
  private record Form(HttpVersion version, boolean headOnly, boolean keepAlive) {
    static Form of(FullHttpRequest request) {
      return new Form(
          request.protocolVersion(),
          HttpMethod.HEAD.equals(request.method()),
          HttpUtil.isKeepAlive(request) && request.decoderResult().isSuccess());
    }
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
    Throwable wrapped = failure instanceof CompletionException ? failure.getCause() : null;
    Throwable cause = wrapped != null ? wrapped : failure;
    if (cause instanceof RefusedException refused) {
      return refused.reply();
    }
    log(ctx, cause, "answered with an error");
    return new RefusedException(
            HttpResponseStatus.INTERNAL_SERVER_ERROR, "the page's server has failed; see its log")
        .reply();
  }

  private void give(ChannelHandlerContext ctx, Answer answer, Form form) {
    if (answer instanceof Answer.Takeover stream) {
      stream.begin(ctx.channel());
    } else {
      write(ctx, ((Reply) answer).toMessage(form.headOnly()), form);
    }
  }

  private void write(ChannelHandlerContext ctx, FullHttpResponse response, Form form) {
    if (form.keepAlive()) {
      HttpUtil.setKeepAlive(response.headers(), form.version(), true);
      ctx.writeAndFlush(response).addListener(written -> next(ctx));
    } else {
      closing = true;
      HttpUtil.setKeepAlive(response, false);
      ctx.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
      ctx.channel().config().setAutoRead(true); // what a client still sends is to be discarded
    }
  }

  private void next(ChannelHandlerContext ctx) {
    deadline.restart(ctx, Deadline.NEXT);
    ctx.channel().config().setAutoRead(true);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    boolean hasLeft =
        cause instanceof IOException || cause instanceof PrematureChannelClosureException;
    if (!hasLeft) { // which a viewer may well do
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
