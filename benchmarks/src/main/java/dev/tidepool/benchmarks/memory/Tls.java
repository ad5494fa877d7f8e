package dev.tidepool.benchmarks.memory;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;

/** TLS by the JDK's engine, with a certificate that the JDK's own tool makes for the run. */
final class Tls {
  private static final String HOST = "localhost";
  private static final String PASSWORD = "for-this-run-only";
  private static final String KEYTOOL =
      "-genkeypair -dname CN=localhost -keyalg EC -groupname secp256r1 -storetype PKCS12 -storepass "
          + PASSWORD;

  private Tls() {}

  /** A handler that waits for a handshake as long as thousands at once may take. */
  static SslHandler handler(SslContext context, Channel channel) {
    SslHandler handler = context.newHandler(channel.alloc(), HOST, 0); // a name: sessions resume
    handler.setHandshakeTimeoutMillis(0);
    return handler;
  }

  static SslContext server() throws IOException, InterruptedException, GeneralSecurityException {
    Path directory = Files.createTempDirectory("memory-suite-tls");
    Path file = directory.resolve("server.p12");
    try {
      makeCertificate(file);
      return SslContextBuilder.forServer(keys(file)).sslProvider(SslProvider.JDK).build();
    } finally {
      Files.deleteIfExists(file);
      Files.delete(directory);
    }
  }

  /** Trusts whomever it reaches, which is the server on this machine's loopback. */
  static SslContext client() throws IOException {
    return SslContextBuilder.forClient()
        .sslProvider(SslProvider.JDK)
        .trustManager(InsecureTrustManagerFactory.INSTANCE)
        .build();
  }

  private static void makeCertificate(Path file) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(KEYTOOL.split(" ", -1)));
    command.addAll(List.of("-keystore", file.toString()));
    int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (exit != 0) {
      throw new IOException("keytool: ended with %d (expected: 0)".formatted(exit));
    }
  }

  private static KeyManagerFactory keys(Path file) throws IOException, GeneralSecurityException {
    char[] password = PASSWORD.toCharArray();
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(KeyStore.getInstance(file.toFile(), password), password);
    return keys;
  }
}
