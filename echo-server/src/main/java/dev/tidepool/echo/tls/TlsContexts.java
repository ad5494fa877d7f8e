package dev.tidepool.echo.tls;

import dev.tidepool.echo.figures.Failures;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Builds Netty's TLS contexts, and says in one line why one cannot be built. */
final class TlsContexts {
  private TlsContexts() {}

  /**
   * @param applicationProtocols what ALPN offers, the best first; none: no ALPN
   */
  static SslContext build(
      SslContextBuilder builder, TlsProvider provider, List<String> applicationProtocols)
      throws IOException {
    if (!applicationProtocols.isEmpty()) {
      builder.applicationProtocolConfig(
          new ApplicationProtocolConfig(
              Protocol.ALPN,
              SelectorFailureBehavior.NO_ADVERTISE,
              SelectedListenerFailureBehavior.ACCEPT,
              applicationProtocols));
    }
    try {
      return builder.sslProvider(provider.resolve()).build();
    } catch (IllegalArgumentException e) { // a key that is not the certificate's, for one
      throw new IOException("cannot set TLS up: " + Failures.reason(e), e);
    }
  }

  /** Netty's own errors have no word on a file that is not there. */
  static Path requireReadable(Path file, String what) throws IOException {
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new IOException(what + " '" + file + "': no such file, or not readable");
    }
    return file;
  }
}
