package dev.tidepool.echo;

import dev.tidepool.echo.cli.Converters;
import dev.tidepool.echo.protocol.Protocol;
import dev.tidepool.echo.tls.ServerTls;
import dev.tidepool.echo.tls.TlsProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options of a server's TLS. */
final class ServerTlsOptions {
  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(names = "--tls", description = "serve over TLS")
  boolean tls;

  @Option(
      names = "--tls-provider",
      paramLabel = "PROVIDER",
      description = "${COMPLETION-CANDIDATES}; openssl: BoringSSL. Default: ${DEFAULT-VALUE}")
  TlsProvider provider = TlsProvider.JDK;

  @Option(
      names = "--cert",
      paramLabel = "FILE",
      description =
          "PEM file of the server's certificate and those that lead to its root. Default: a"
              + " self-signed one for localhost, made anew")
  private @Nullable Path certificate;

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description = "PEM file of the certificate's private key, PKCS #8, not encrypted")
  private @Nullable Path key;

  @Option(
      names = "--handshake-timeout",
      paramLabel = "TIME",
      converter = Converters.PositiveTime.class,
      description = "how long a TLS handshake may take. Default: 10s")
  private Duration handshakeTimeout = Duration.ofSeconds(10);

  /** Null without {@code --tls}. */
  @Nullable ServerTls resolve(Protocol protocol) throws IOException {
    check();
    if (!tls) {
      return null;
    }
    if (certificate == null || key == null) {
      return ServerTls.selfSigned(provider, protocol.applicationProtocols(), handshakeTimeout);
    }
    return ServerTls.of(
        provider, certificate, key, protocol.applicationProtocols(), handshakeTimeout);
  }

  private void check() {
    if ((certificate == null) != (key == null)) {
      throw new ParameterException(
          spec.commandLine(),
          "Options '--cert' and '--key' were not both given, expected both or none");
    }
    if (certificate != null && !tls) {
      throw new ParameterException(
          spec.commandLine(),
          "Options '--cert' and '--key' were given without '--tls', expected it too");
    }
  }

  /** For the line that says what is served. */
  String suffix() {
    return tls ? " over TLS (" + provider + ")" : "";
  }
}
