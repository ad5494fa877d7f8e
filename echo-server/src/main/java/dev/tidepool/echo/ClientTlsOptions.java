package dev.tidepool.echo;

import dev.tidepool.echo.protocol.ClientProtocol;
import dev.tidepool.echo.tls.ClientTls;
import dev.tidepool.echo.tls.TlsProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options of a load's TLS. */
final class ClientTlsOptions {
  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(names = "--tls", description = "connect over TLS")
  private boolean tls;

  @Option(
      names = "--tls-provider",
      paramLabel = "PROVIDER",
      description = "${COMPLETION-CANDIDATES}; openssl: BoringSSL. Default: ${DEFAULT-VALUE}")
  private TlsProvider provider = TlsProvider.JDK;

  @Option(
      names = "--cacert",
      paramLabel = "FILE",
      description = "PEM file of the root certificates that are trusted. Default: the JDK's")
  private @Nullable Path roots;

  @Option(
      names = "--insecure",
      description = "trust every certificate, such as the one that serve makes for itself")
  private boolean insecure;

  /**
   * Null without {@code --tls}.
   *
   * @param isImplied whether the target asks for TLS by itself
   */
  @Nullable ClientTls resolve(ClientProtocol protocol, boolean isImplied) throws IOException {
    boolean wanted = tls || isImplied;
    check(wanted);
    if (!wanted) {
      return null;
    }
    return insecure
        ? ClientTls.insecure(provider, protocol.clientApplicationProtocols())
        : ClientTls.verifying(provider, roots, protocol.clientApplicationProtocols());
  }

  private void check(boolean wanted) {
    if (insecure && roots != null) {
      throw new ParameterException(
          spec.commandLine(), "Options '--insecure' and '--cacert' were both given, expected one");
    }
    if (!wanted) {
      Stream.of("--insecure", "--cacert", "--tls-provider")
          .filter(spec.commandLine().getParseResult()::hasMatchedOption)
          .findFirst()
          .ifPresent(this::refuseWithoutTls);
    }
  }

  private void refuseWithoutTls(String option) {
    throw new ParameterException(
        spec.commandLine(),
        "Option '%s' was given without '--tls', expected it too".formatted(option));
  }
}
