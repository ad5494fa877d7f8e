package dev.tidepool.echo.protocol.http;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * Answers HTTP requests: echoes what is posted, piece by piece as it arrives, and answers all else
 * at once. Responses are written in the order of the requests, since each is written whole before
 * the next request is read, or along with its own.
 */
final class HttpEchoHandler extends ChannelInboundHandlerAdapter {
  private static final Set<HttpMethod> REFUSED =
      Set.of(
          HttpMethod.PUT,
          HttpMethod.PATCH,
          HttpMethod.DELETE,
          HttpMethod.TRACE,
          HttpMethod.CONNECT);

  private final LongConsumer answered;

  // Of the current request.
  private boolean keepsAlive;
  private boolean echoes;
  private long echoed;

  /** Whether the last response is written, after which the connection closes. */
  private boolean done;

  HttpEchoHandler(LongConsumer answered) {
    this.answered = answered;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (done) {
      ReferenceCountUtil.release(message);
    } else if (message instanceof HttpRequest request) {
      begin(ctx, request);
    } else {
      receive(ctx, (HttpContent) message);
    }
  }

  // The head

  private void begin(ChannelHandlerContext ctx, HttpRequest request) {
    try {
      RequestRules.broken(request)
          .ifPresentOrElse(broken -> refuse(ctx, broken), () -> answer(ctx, request));
    } finally {
      ReferenceCountUtil.release(request);
    }
  }

  private void refuse(ChannelHandlerContext ctx, BadRequestException broken) {
    FullHttpResponse response =
        Answers.error(broken.status(), broken.getMessage(), ctx.alloc(), false);
    HttpUtil.setKeepAlive(response, false);
    stop(ctx);
    ctx.write(response, ctx.voidPromise());
    ctx.fireExceptionCaught(broken);
  }

  private void answer(ChannelHandlerContext ctx, HttpRequest request) {
    keepsAlive = HttpUtil.isKeepAlive(request);
    echoes = false;
    String expectation = expectation(request);
    if (!expectation.isEmpty() && !HttpHeaderValues.CONTINUE.contentEqualsIgnoreCase(expectation)) {
      keepsAlive = false;
      HttpResponseStatus status = HttpResponseStatus.EXPECTATION_FAILED;
      write(ctx, request, Answers.error(status, "'" + expectation + "'", ctx.alloc(), false));
    } else if (HttpMethod.POST.equals(request.method())) {
      beginEcho(ctx, request, !expectation.isEmpty());
    } else {
      keepsAlive &= expectation.isEmpty(); // else the body may come or not
      answerAtOnce(ctx, request);
    }
  }

  /** HTTP/1.0 has no expectations. */
  private static String expectation(HttpRequest request) {
    return request.protocolVersion().compareTo(HttpVersion.HTTP_1_1) < 0
        ? ""
        : request.headers().get(HttpHeaderNames.EXPECT, "");
  }

  private void beginEcho(ChannelHandlerContext ctx, HttpRequest request, boolean awaitsContinue) {
    if (awaitsContinue) {
      ctx.write(Answers.toContinue(), ctx.voidPromise());
    }
    echoes = true;
    echoed = 0;
    HttpResponse response = Answers.echo(request);
    HttpUtil.setKeepAlive(response.headers(), request.protocolVersion(), keepsAlive);
    ctx.write(response, ctx.voidPromise());
  }

  private void answerAtOnce(ChannelHandlerContext ctx, HttpRequest request) {
    if (WebSocketUpgrade.isAskedFor(request)) {
      new WebSocketUpgrade(answered).begin(ctx, this, request);
    } else {
      write(ctx, request, response(ctx, request));
    }
  }

  private static FullHttpResponse response(ChannelHandlerContext ctx, HttpRequest request) {
    HttpMethod method = request.method();
    RequestTarget target = RequestTarget.of(request.uri());
    boolean headOnly = HttpMethod.HEAD.equals(method);
    if (headOnly || HttpMethod.GET.equals(method)) {
      return got(ctx, target, headOnly);
    }
    if (HttpMethod.OPTIONS.equals(method)) {
      return Answers.methods(target);
    }
    return REFUSED.contains(method)
        ? Answers.notAllowed(target, ctx.alloc(), false)
        : Answers.error(HttpResponseStatus.NOT_IMPLEMENTED, method.name(), ctx.alloc(), false);
  }

  private static FullHttpResponse got(
      ChannelHandlerContext ctx, RequestTarget target, boolean headOnly) {
    return switch (target) {
      case PAGE -> Answers.page(ctx.alloc(), headOnly);
      case WEB_SOCKET ->
          headOnly
              ? Answers.notAllowed(target, ctx.alloc(), true)
              : Answers.upgradeRequired(ctx.alloc());
      case ECHO -> Answers.notAllowed(target, ctx.alloc(), headOnly);
      case OTHER -> Answers.error(HttpResponseStatus.NOT_FOUND, null, ctx.alloc(), headOnly);
    };
  }

  private void write(ChannelHandlerContext ctx, HttpRequest request, FullHttpResponse response) {
    if (!response.headers().contains(HttpHeaderNames.CONNECTION) || !keepsAlive) {
      HttpUtil.setKeepAlive(response.headers(), request.protocolVersion(), keepsAlive);
    }
    end(ctx, response, response.content().readableBytes());
  }

  // The body

  private void receive(ChannelHandlerContext ctx, HttpContent content) {
    if (content.decoderResult().isFailure()) {
      ReferenceCountUtil.release(content);
      stop(ctx);
      ctx.fireExceptionCaught(BadRequestException.undecodable(content.decoderResult().cause()));
    } else if (echoes) {
      echo(ctx, content);
    } else {
      ReferenceCountUtil.release(content);
    }
  }

  private void echo(ChannelHandlerContext ctx, HttpContent content) {
    echoed += content.content().readableBytes();
    if (content instanceof LastHttpContent last) {
      echoes = false;
      end(ctx, withoutTrailers(last), echoed);
    } else {
      // A write that fails arrives in exceptionCaught: that is what the void promise is for.
      ctx.write(content, ctx.voidPromise());
    }
  }

  private static LastHttpContent withoutTrailers(LastHttpContent last) {
    return last.trailingHeaders().isEmpty() ? last : new DefaultLastHttpContent(last.content());
  }

  // The end

  private void end(ChannelHandlerContext ctx, LastHttpContent last, long bytes) {
    answered.accept(bytes);
    if (keepsAlive) {
      ctx.write(last, ctx.voidPromise());
    } else {
      stop(ctx);
      ctx.write(last)
          .addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE)
          .addListener(ChannelFutureListener.CLOSE);
    }
  }

  private void stop(ChannelHandlerContext ctx) {
    done = true;
    RequestDecoder decoder = ctx.pipeline().get(RequestDecoder.class);
    if (decoder != null) {
      decoder.stop();
    }
  }
}
