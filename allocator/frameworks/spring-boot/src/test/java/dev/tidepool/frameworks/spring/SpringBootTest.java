package dev.tidepool.frameworks.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.frameworks.AllocatorGuard;
import dev.tidepool.frameworks.Content;
import dev.tidepool.frameworks.Setting;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;

/** A WebFlux application on Reactor Netty, asked by a WebClient, all with arenas. */
@ParameterizedClass
@EnumSource(Setting.class)
class SpringBootTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @RegisterExtension final AllocatorGuard guard;

  private ConfigurableApplicationContext application;
  private int port;
  private WebClient client;

  SpringBootTest(Setting setting) {
    guard = AllocatorGuard.of(setting);
  }

  @BeforeEach
  void start() {
    application =
        new SpringApplicationBuilder(Application.class)
            .web(WebApplicationType.REACTIVE)
            .initializers(this::registerAllocator)
            .properties(
                "server.port=0",
                "spring.main.banner-mode=off",
                "logging.level.root=off",
                "spring.reactor.netty.shutdown-quiet-period=500ms")
            .run();
    port = application.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    client =
        application
            .getBean(WebClient.Builder.class)
            .baseUrl("http://127.0.0.1:" + port)
            .codecs(codecs -> codecs.defaultCodecs().maxInMemorySize(1 << 20))
            .build();
  }

  private void registerAllocator(ConfigurableApplicationContext context) {
    ((GenericApplicationContext) context)
        .registerBean(ArenaByteBufAllocator.class, guard::allocator);
  }

  @AfterEach
  void stop() {
    application.close();
  }

  private byte[] post(String path, int seed, int length) {
    return client
        .post()
        .uri(path)
        .bodyValue(Content.bytes(seed, length))
        .retrieve()
        .bodyToMono(byte[].class)
        .block(PATIENCE);
  }

  private Flux<byte[]> pieces(String path) {
    return client.get().uri(path).retrieve().bodyToFlux(byte[].class);
  }

  private void awaitRequests(int count) {
    guard.awaitRequestsAt(port, count);
  }

  @Test
  void everyRequestEndsWithAReset() {
    for (int i = 1; i <= 20; i++) {
      Content.verify(i, 200 * i, post("/echo", i, 200 * i));
      Content.verify(i, 20_000, post("/later", i, 20_000));
      assertThat(hello(i)).isEqualTo("hello " + i);
    }
    awaitRequests(60);
    requestsAtOnce();
    awaitRequests(100);
  }

  private String hello(int name) {
    return client.get().uri("/hello/" + name).retrieve().bodyToMono(String.class).block(PATIENCE);
  }

  private void requestsAtOnce() {
    Flux.range(1, 40)
        .flatMap(
            seed ->
                client
                    .post()
                    .uri("/later")
                    .bodyValue(Content.bytes(seed, 5_000))
                    .retrieve()
                    .bodyToMono(byte[].class)
                    .doOnNext(bytes -> Content.verify(seed, 5_000, bytes)))
        .blockLast(PATIENCE);
  }

  @Test
  void streams() {
    aStreamBothWays();
    aStreamFromTheServer();
    awaitRequests(2);
    aStreamThatTheClientGivesUpHalfWay();
  }

  private void aStreamBothWays() {
    Content sent = Content.expected(3);
    Content received = Content.expected(3);
    client
        .post()
        .uri("/stream")
        .body(Flux.range(0, 300).map(i -> sent.next(Application.CHUNK)), byte[].class)
        .retrieve()
        .bodyToFlux(byte[].class)
        .doOnNext(received::verify)
        .blockLast(PATIENCE);
    assertThat(received.position()).isEqualTo(300 * Application.CHUNK);
  }

  private void aStreamFromTheServer() {
    Content received = Content.expected(5);
    pieces("/content/5/300").doOnNext(received::verify).blockLast(PATIENCE);
    assertThat(received.position()).isEqualTo(300 * Application.CHUNK);
  }

  private void aStreamThatTheClientGivesUpHalfWay() {
    Content received = Content.expected(7);
    pieces("/content/7/" + Integer.MAX_VALUE)
        .doOnNext(received::verify)
        .takeUntil(bytes -> received.position() > 20 * Application.CHUNK)
        .blockLast(PATIENCE);
    guard.awaitNoBlock();
    Content.verify(1, 100, post("/echo", 1, 100));
  }
}
