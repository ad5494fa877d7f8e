package dev.tidepool.echo.tls;

import dev.tidepool.echo.figures.Failures;
import dev.tidepool.echo.protocol.ProtocolClient;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** TLS on the connections of a load, and which servers it trusts. */
public final class ClientTls {
  private final SslContext context;

  private ClientTls(SslContext context) {
    this.context = context;
  }

  /**
   * Trusts certificates for the server's host whose root is known.
   *
   * @param roots PEM: the root certificates; null: those of the JDK
   * @param applicationProtocols what ALPN offers, the best first; none: no ALPN
   */
  public static ClientTls verifying(
      TlsProvider provider, @Nullable Path roots, List<String> applicationProtocols)
      throws IOException {
    SslContextBuilder builder = SslContextBuilder.forClient();
    if (roots != null) {
      trust(builder, TlsContexts.requireReadable(roots, "root certificates"));
    }
    return new ClientTls(TlsContexts.build(builder, provider, applicationProtocols));
  }

  private static void trust(SslContextBuilder builder, Path roots) throws IOException {
    try {
      builder.trustManager(roots.toFile());
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "cannot read the root certificates '%s': %s (expected: PEM)"
              .formatted(roots, Failures.reason(e)),
          e);
    }
  }

  /** Trusts every certificate. */
  public static ClientTls insecure(TlsProvider provider, List<String> applicationProtocols)
      throws IOException {
    SslContextBuilder builder =
        SslContextBuilder.forClient()
            .trustManager(InsecureTrustManagerFactory.INSTANCE)
            .endpointIdentificationAlgorithm(null);
    return new ClientTls(TlsContexts.build(builder, provider, applicationProtocols));
  }

  /**
   * Adds TLS to a connection.
   *
   * @param saysReady whether {@link ProtocolClient#READY} is fired when the handshake is over,
   *     which is for a protocol without a handshake of its own
   */
  public void addHandlers(
      ChannelPipeline pipeline,
      InetSocketAddress server,
      Duration handshakeTimeout,
      boolean saysReady) {
    SslHandler handler =
        context.newHandler(pipeline.channel().alloc(), server.getHostString(), server.getPort());
    handler.setHandshakeTimeout(handshakeTimeout.toMillis(), TimeUnit.MILLISECONDS);
    pipeline.addLast(handler, new HandshakeHandler(saysReady));
  }

  /** Makes an exception of a failed handshake, and perhaps READY of a good one. */
  private static final class HandshakeHandler extends ChannelInboundHandlerAdapter {
    private final boolean saysReady;

    HandshakeHandler(boolean saysReady) {
      this.saysReady = saysReady;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      ctx.fireUserEventTriggered(event);
      if (event instanceof SslHandshakeCompletionEvent handshake) {
        if (!handshake.isSuccess()) {
          ctx.fireExceptionCaught(handshake.cause());
        } else if (saysReady) {
          ctx.fireUserEventTriggered(ProtocolClient.READY);
        }
      }
    }
  }
}
