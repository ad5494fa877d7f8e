package dev.tidepool.frameworks.reactor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.frameworks.AllocatorGuard;
import dev.tidepool.frameworks.Content;
import dev.tidepool.frameworks.Setting;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.ConnectionProvider;

/** A Reactor Netty server and client on the shared allocator and Reactor Netty's event loops. */
@ParameterizedClass
@EnumSource(Setting.class)
class SharedAllocatorTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @RegisterExtension final AllocatorGuard guard;

  SharedAllocatorTest(Setting setting) {
    guard = AllocatorGuard.of(setting);
  }

  @Test
  void postsAreEchoed() {
    ConnectionProvider connections = ConnectionProvider.create("connections", 2);
    DisposableServer server =
        ReactorRecipes.sharedServer(HttpServer.create(), guard.allocator())
            .host("127.0.0.1")
            .route(new Service()::routes)
            .bindNow();
    HttpClient client =
        ReactorRecipes.sharedClient(HttpClient.create(connections), guard.allocator())
            .host("127.0.0.1")
            .port(server.port());
    for (int i = 1; i <= 20; i++) {
      byte[] answer =
          client
              .post()
              .uri("/echo")
              .send(Flux.just(Unpooled.wrappedBuffer(Content.bytes(i, 1_000 * i))))
              .responseContent()
              .aggregate()
              .asByteArray()
              .block(PATIENCE);
      Content.verify(i, 1_000 * i, answer);
    }

    assertThat(guard.allocator().metric().upstreamAllocations()).isPositive();
    assertThat(guard.arenas()).isEmpty();
    connections.disposeLater().block(PATIENCE);
    server.disposeNow(PATIENCE);
  }
}
