package dev.tidepool.echo.tls;

import dev.tidepool.echo.load.LoadClient;
import dev.tidepool.echo.load.LoadResult;
import dev.tidepool.echo.load.LoadSettings;
import dev.tidepool.echo.load.SizeMix;
import dev.tidepool.echo.load.SizeMix.SizeRange;
import dev.tidepool.echo.protocol.Protocol;
import dev.tidepool.echo.testing.TestServer;
import dev.tidepool.echo.transport.TransportChoice;
import java.io.IOException;
import java.util.List;

/** Small loads over TLS. */
final class TlsLoads {
  private TlsLoads() {}

  static ClientTls insecure() throws IOException {
    return ClientTls.insecure(TlsProvider.JDK, List.of());
  }

  /** Ten requests on one connection. */
  static LoadResult run(TestServer server, Protocol protocol, ClientTls tls) throws IOException {
    LoadSettings settings =
        LoadSettings.builder(server.address(), protocol)
            .connections(1)
            .requests(10L)
            .sizes(new SizeMix("100", List.of(new SizeRange(100, 100))))
            .pipeline(1)
            .seed(7)
            .threads(1)
            .connectTimeout(TestServer.PATIENCE)
            .timeout(TestServer.PATIENCE)
            .tls(tls)
            .build();
    try (LoadClient client = new LoadClient(settings, TransportChoice.NIO.resolve())) {
      client.connect();
      return client.run().join();
    }
  }
}
