package dev.tidepool.frameworks.reactor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidepool.frameworks.AllocatorGuard;
import dev.tidepool.frameworks.Content;
import dev.tidepool.frameworks.Setting;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.PrematureCloseException;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

/** A Reactor Netty server and client, each connection of which has an arena of its own. */
@ParameterizedClass
@EnumSource(Setting.class)
class ReactorTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @RegisterExtension final AllocatorGuard serving;
  @RegisterExtension final AllocatorGuard asking;

  private final LoopResources loops = LoopResources.create("loops", 1, 2, true);
  private final ConnectionProvider connections =
      ConnectionProvider.builder("connections")
          .maxConnections(4)
          .pendingAcquireMaxCount(-1)
          .build();
  private final Service service = new Service();
  private DisposableServer server;
  private HttpClient client;

  ReactorTest(Setting setting) {
    serving = AllocatorGuard.of(setting);
    asking = AllocatorGuard.of(setting);
  }

  @BeforeEach
  void start() {
    server =
        ReactorRecipes.server(HttpServer.create(), serving.allocator())
            .runOn(loops)
            .host("127.0.0.1")
            .compress(true)
            .route(service::routes)
            .bindNow();
    client =
        ReactorRecipes.client(HttpClient.create(connections), asking.allocator())
            .runOn(loops)
            .host("127.0.0.1")
            .port(server.port())
            .responseTimeout(PATIENCE);
  }

  @AfterEach
  void stop() {
    connections.disposeLater().block(PATIENCE);
    server.disposeNow(PATIENCE);
    asking.awaitArenas(0); // an event loop that ends at once may leave a channel open
    serving.awaitArenas(0);
    loops.disposeLater(Duration.ZERO, PATIENCE).block(PATIENCE);
  }

  private byte[] post(String path, int seed, int length) {
    return client
        .post()
        .uri(path)
        .send(Flux.just(Unpooled.wrappedBuffer(Content.bytes(seed, length))))
        .responseContent()
        .aggregate()
        .asByteArray()
        .block(PATIENCE);
  }

  @Test
  void eachRequestEndsWithAResetOfTheServersArena() {
    for (int i = 1; i <= 50; i++) {
      Content.verify(i, 100 * i, post("/echo", i, 100 * i));
    }
    serving.awaitRequests(50);
    assertThat(serving.allocatedBytes()).isGreaterThan(50 * 51 / 2 * 100);
    assertThat(asking.allocatedBytes()).isGreaterThan(50 * 51 / 2 * 100);
  }

  @Test
  void aGatheredRequest() {
    Content.verify(3, 300_000, post("/gathered", 3, 300_000));
    serving.awaitRequests(1);
  }

  @Test
  void answersFromAnotherThread() {
    for (int i = 1; i <= 10; i++) {
      Content.verify(i, 20_000, post("/elsewhere", i, 20_000));
    }
    serving.awaitRequests(10);
  }

  @Test
  void requestsAtOnceOnSeveralConnections() {
    List<Integer> seeds = Flux.range(1, 40).collectList().block();
    Flux.fromIterable(seeds)
        .flatMap(
            seed ->
                client
                    .post()
                    .uri("/echo")
                    .send(Flux.just(Unpooled.wrappedBuffer(Content.bytes(seed, 5_000))))
                    .responseContent()
                    .aggregate()
                    .asByteArray()
                    .doOnNext(bytes -> Content.verify(seed, 5_000, bytes)))
        .blockLast(PATIENCE);
    serving.awaitRequests(40);
    assertThat(serving.arenas()).hasSize(4);
    assertThat(asking.arenas()).hasSize(4);
  }

  @Test
  void aLargeStreamBothWays() {
    Content sent = Content.expected(8);
    Content received = Content.expected(8);
    Flux<ByteBuf> upload =
        Flux.range(0, 400).map(i -> Unpooled.wrappedBuffer(sent.next(Service.CHUNK)));
    client
        .post()
        .uri("/echo")
        .send(upload)
        .responseContent()
        .asByteArray()
        .doOnNext(received::verify)
        .blockLast(PATIENCE);
    assertThat(received.position()).isEqualTo(400 * Service.CHUNK);
    serving.awaitRequests(1);
  }

  @Test
  void aLargeAnswer() {
    Content received = Content.expected(4);
    client
        .get()
        .uri("/content/4/400")
        .responseContent()
        .asByteArray()
        .doOnNext(received::verify)
        .blockLast(PATIENCE);
    assertThat(received.position()).isEqualTo(400 * Service.CHUNK);
  }

  @Test
  void anAnswerThatTheClientGivesUpHalfWay() throws Exception {
    Content received = Content.expected(4);
    client
        .get()
        .uri("/content/4/" + Integer.MAX_VALUE)
        .responseContent()
        .asByteArray()
        .doOnNext(received::verify)
        .takeUntil(bytes -> received.position() > 20 * Service.CHUNK)
        .blockLast(PATIENCE);
    assertThat(service.abandoned.await(20, TimeUnit.SECONDS)).isTrue();
    serving.awaitArenas(0);
    asking.awaitArenas(0);
    Content.verify(1, 100, post("/echo", 1, 100));
  }

  @Test
  void anAnswerThatTheServerBreaksOff() {
    Content received = Content.expected(6);
    Flux<byte[]> answer =
        client.get().uri("/broken/6/20").responseContent().asByteArray().doOnNext(received::verify);
    assertThatThrownBy(() -> answer.blockLast(PATIENCE))
        .hasCauseInstanceOf(PrematureCloseException.class);
    serving.awaitArenas(0);
  }

  @Test
  void anUploadThatTheClientBreaksOff() {
    Content sent = Content.expected(9);
    Flux<ByteBuf> upload =
        Flux.range(0, 20)
            .map(i -> Unpooled.wrappedBuffer(sent.next(Service.CHUNK)))
            .concatWith(Flux.error(new IllegalStateException("broken off")));
    Flux<byte[]> answer =
        client.post().uri("/gathered").send(upload).responseContent().asByteArray();
    assertThatThrownBy(() -> answer.blockLast(PATIENCE)).hasMessageContaining("broken off");
    serving.awaitArenas(0);
    asking.awaitArenas(0);
  }

  @Test
  void aCompressedAnswer() throws Exception {
    byte[] compressed =
        client
            .headers(headers -> headers.set("Accept-Encoding", "gzip"))
            .get()
            .uri("/content/5/10")
            .responseContent()
            .aggregate()
            .asByteArray()
            .block(PATIENCE);
    byte[] answer = new GZIPInputStream(new ByteArrayInputStream(compressed)).readAllBytes();
    Content.verify(5, 10 * Service.CHUNK, answer);
    serving.awaitRequests(1);
  }

  @Test
  void compressedAnswersThatTheClientInflates() {
    HttpClient inflating = client.compress(true);
    for (int i = 1; i <= 10; i++) {
      byte[] answer =
          inflating
              .get()
              .uri("/content/" + i + "/10")
              .responseContent()
              .aggregate()
              .asByteArray()
              .block(PATIENCE);
      Content.verify(i, 10 * Service.CHUNK, answer);
    }
    serving.awaitRequests(10);
  }
}
