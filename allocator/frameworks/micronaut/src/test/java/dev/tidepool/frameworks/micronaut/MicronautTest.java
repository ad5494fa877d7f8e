package dev.tidepool.frameworks.micronaut;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.frameworks.AllocatorGuard;
import dev.tidepool.frameworks.Content;
import dev.tidepool.frameworks.Setting;
import io.micronaut.context.ApplicationContext;
import io.micronaut.core.io.buffer.ByteBuffer;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MediaType;
import io.micronaut.http.client.StreamingHttpClient;
import io.micronaut.runtime.server.EmbeddedServer;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;

/** A Micronaut server and client, each connection of which has an arena of its own. */
@ParameterizedClass
@EnumSource(Setting.class)
class MicronautTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @RegisterExtension final AllocatorGuard guard;

  private ApplicationContext application;
  private EmbeddedServer server;
  private StreamingHttpClient client;

  MicronautTest(Setting setting) {
    guard = AllocatorGuard.of(setting);
  }

  @BeforeEach
  void start() {
    application =
        ApplicationContext.builder()
            .singletons(guard.allocator())
            .properties(Map.of("micronaut.server.port", -1, "micronaut.server.host", "127.0.0.1"))
            .start();
    server = application.getBean(EmbeddedServer.class).start();
    client = application.createBean(StreamingHttpClient.class, server.getURL());
  }

  @AfterEach
  void stop() {
    client.close();
    server.stop();
    guard.awaitArenas(0);
    application.close();
  }

  private byte[] post(String path, int seed, int length) {
    return client
        .toBlocking()
        .retrieve(
            HttpRequest.POST(path, Content.bytes(seed, length))
                .contentType(MediaType.APPLICATION_OCTET_STREAM)
                .accept(MediaType.APPLICATION_OCTET_STREAM),
            byte[].class);
  }

  @Test
  void everyRequestEndsWithAReset() {
    for (int i = 1; i <= 30; i++) {
      Content.verify(i, 300 * i, post("/echo", i, 300 * i));
      Content.verify(i, 20_000, post("/elsewhere", i, 20_000));
    }
    guard.awaitRequestsAt(server.getPort(), 60);
    assertThat(guard.arenas()).hasSizeGreaterThanOrEqualTo(2);
  }

  @Test
  void aLargeRequest() {
    Content.verify(3, 2_000_000, post("/echo", 3, 2_000_000));
    guard.awaitRequestsAt(server.getPort(), 1);
  }

  @Test
  void streams() {
    Content received = Content.expected(5);
    pieces("/content/5/300").doOnNext(received::verify).blockLast(PATIENCE);
    assertThat(received.position()).isEqualTo(300 * Answers.CHUNK);
    guard.awaitRequestsAt(server.getPort(), 1);
  }

  private Flux<byte[]> pieces(String path) {
    HttpRequest<?> request = HttpRequest.GET(path).accept(MediaType.APPLICATION_OCTET_STREAM);
    return Flux.from(client.dataStream(request)).map(ByteBuffer::toByteArray);
  }

  /** The client reads the rest and drops it. */
  @Test
  void aStreamThatTheClientGivesUpHalfWay() {
    Content received = Content.expected(7);
    pieces("/content/7/300")
        .doOnNext(received::verify)
        .takeUntil(bytes -> received.position() > 20 * Answers.CHUNK)
        .blockLast(PATIENCE);
    guard.awaitRequestsAt(server.getPort(), 1);
    Content.verify(1, 100, post("/echo", 1, 100));
  }
}
