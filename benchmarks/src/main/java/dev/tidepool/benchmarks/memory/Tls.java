package dev.tidepool.benchmarks.memory;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;

/** TLS by the JDK's engine, with a certificate made for the run. */
final class Tls {
  private static final String HOST = "localhost";

  private Tls() {}

  /** A handler that waits for a handshake as long as thousands at once may take. */
  static SslHandler handler(SslContext context, Channel channel) {
    SslHandler handler = context.newHandler(channel.alloc(), HOST, 0); // a name: sessions resume
    handler.setHandshakeTimeoutMillis(0);
    return handler;
  }

  static SslContext server() throws Exception {
    CertificateBuilder root = new CertificateBuilder().setIsCertificateAuthority(true);
    X509Bundle certificate = root.subject("CN=" + HOST).buildSelfSigned();
    return SslContextBuilder.forServer(certificate.toKeyManagerFactory())
        .sslProvider(SslProvider.JDK)
        .build();
  }

  /** Trusts whomever it reaches, which is the server on this machine's loopback. */
  static SslContext client() throws IOException {
    return SslContextBuilder.forClient()
        .sslProvider(SslProvider.JDK)
        .trustManager(InsecureTrustManagerFactory.INSTANCE)
        .build();
  }
}
