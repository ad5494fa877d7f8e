package dev.tidepool.echo.tls;

import dev.tidepool.echo.figures.Failures;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.util.Locale;

/** The implementations of TLS: the values of {@code --tls-provider}. */
public enum TlsProvider {
  /** The JDK's engine. */
  JDK(SslProvider.JDK),
  /** BoringSSL, in native code. */
  OPENSSL(SslProvider.OPENSSL);

  private final SslProvider provider;

  TlsProvider(SslProvider provider) {
    this.provider = provider;
  }

  /** Netty's name for it. */
  SslProvider resolve() throws IOException {
    if (this == OPENSSL && !OpenSsl.isAvailable()) {
      throw new IOException(
          "TLS provider openssl is not available here: "
              + Failures.reason(OpenSsl.unavailabilityCause())
              + "; try --tls-provider jdk",
          OpenSsl.unavailabilityCause());
    }
    return provider;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
