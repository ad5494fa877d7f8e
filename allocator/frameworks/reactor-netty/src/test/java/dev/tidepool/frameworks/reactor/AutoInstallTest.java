package dev.tidepool.frameworks.reactor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.frameworks.AllocatorGuard;
import dev.tidepool.frameworks.Content;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.ConnectionProvider;

/**
 * A Reactor Netty server and client with Netty's extensions loaded: the bootstraps are Reactor
 * Netty's own and load none, as the page of recipes says.
 */
@Tag("autoinstall")
class AutoInstallTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @RegisterExtension final AllocatorGuard guard = AllocatorGuard.ofDefault();

  @Test
  void theExtensionsDoNotReachReactorNetty() {
    ConnectionProvider connections = ConnectionProvider.create("connections", 2);
    DisposableServer server =
        HttpServer.create().host("127.0.0.1").route(new Service()::routes).bindNow();
    HttpClient client = HttpClient.create(connections).host("127.0.0.1").port(server.port());
    byte[] answer =
        client
            .post()
            .uri("/echo")
            .send(Flux.just(Unpooled.wrappedBuffer(Content.bytes(1, 1_000))))
            .responseContent()
            .aggregate()
            .asByteArray()
            .block(PATIENCE);
    Content.verify(1, 1_000, answer);

    assertThat(guard.arenas()).isEmpty();
    connections.disposeLater().block(PATIENCE);
    server.disposeNow(PATIENCE);
  }
}
