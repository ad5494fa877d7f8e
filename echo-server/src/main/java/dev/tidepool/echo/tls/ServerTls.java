package dev.tidepool.echo.tls;

import dev.tidepool.echo.figures.Failures;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** TLS on the connections of a server: its certificate, and how long a handshake may take. */
public final class ServerTls {
  private final SslContext context;
  private final TlsProvider provider;
  private final Duration handshakeTimeout;

  private ServerTls(SslContext context, TlsProvider provider, Duration handshakeTimeout) {
    this.context = context;
    this.provider = provider;
    this.handshakeTimeout = handshakeTimeout;
  }

  /**
   * With a self-signed certificate for {@code localhost} and the loopback addresses, made anew.
   *
   * @param applicationProtocols what ALPN offers, the best first; none: no ALPN
   */
  public static ServerTls selfSigned(
      TlsProvider provider, List<String> applicationProtocols, Duration handshakeTimeout)
      throws IOException {
    X509Bundle certificate = newCertificate();
    SslContextBuilder builder =
        SslContextBuilder.forServer(
            certificate.getKeyPair().getPrivate(), certificate.getCertificatePath());
    return new ServerTls(
        TlsContexts.build(builder, provider, applicationProtocols), provider, handshakeTimeout);
  }

  private static X509Bundle newCertificate() throws IOException {
    try {
      return new CertificateBuilder()
          .subject("CN=localhost")
          .addSanDnsName("localhost")
          .addSanIpAddress("127.0.0.1")
          .addSanIpAddress("::1")
          .setIsCertificateAuthority(true) // for clients that are to trust it as its own root
          .buildSelfSigned();
    } catch (Exception e) {
      throw new IOException("cannot make a certificate: " + Failures.reason(e), e);
    }
  }

  /**
   * With the user's certificate.
   *
   * @param certificates PEM: the server's certificate, then those that lead to its root
   * @param key PEM: the private key of the first, PKCS #8, not encrypted
   * @param applicationProtocols what ALPN offers, the best first; none: no ALPN
   */
  public static ServerTls of(
      TlsProvider provider,
      Path certificates,
      Path key,
      List<String> applicationProtocols,
      Duration handshakeTimeout)
      throws IOException {
    SslContextBuilder builder =
        read(
            TlsContexts.requireReadable(certificates, "certificate"),
            TlsContexts.requireReadable(key, "private key"));
    return new ServerTls(
        TlsContexts.build(builder, provider, applicationProtocols), provider, handshakeTimeout);
  }

  private static SslContextBuilder read(Path certificates, Path key) throws IOException {
    try {
      return SslContextBuilder.forServer(certificates.toFile(), key.toFile());
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "cannot read the certificate '%s' with the private key '%s': %s (expected: PEM, the key in PKCS #8 and not encrypted)"
              .formatted(certificates, key, Failures.reason(e)),
          e);
    }
  }

  public TlsProvider provider() {
    return provider;
  }

  /** Adds TLS to an accepted connection; its buffers come from the channel's allocator. */
  public void addHandlers(ChannelPipeline pipeline) {
    SslHandler handler = context.newHandler(pipeline.channel().alloc());
    handler.setHandshakeTimeout(handshakeTimeout.toMillis(), TimeUnit.MILLISECONDS);
    if (provider == TlsProvider.JDK) { // the other one takes a record in pieces
      handler.setCumulator(RecordCumulator.INSTANCE);
    }
    FirstBytes firstBytes = new FirstBytes();
    pipeline.addLast(firstBytes, handler, new TlsEventHandler(firstBytes));
  }
}
