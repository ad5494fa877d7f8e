package dev.tidepool.frameworks.reactor;

import dev.tidepool.frameworks.Content;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.concurrent.CountDownLatch;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;

/** The server's side: what each path answers. */
final class Service {
  static final int CHUNK = 10_000;

  /** One count for each answer that was given up before its end. */
  final CountDownLatch abandoned = new CountDownLatch(1);

  void routes(HttpServerRoutes routes) {
    routes
        .post("/echo", (request, response) -> response.send(request.receive().retain()))
        .post("/gathered", Service::echoGathered)
        .post("/elsewhere", Service::echoElsewhere)
        .get("/content/{seed}/{chunks}", this::content)
        .get("/broken/{seed}/{chunks}", Service::brokenContent);
  }

  /** Answers when the whole request is there. */
  private static Publisher<Void> echoGathered(
      HttpServerRequest request, HttpServerResponse response) {
    return response.sendByteArray(request.receive().aggregate().asByteArray());
  }

  /** Copies and answers on a thread that is no event loop. */
  private static Publisher<Void> echoElsewhere(
      HttpServerRequest request, HttpServerResponse response) {
    ByteBufAllocator alloc = response.alloc();
    return response.send(
        request
            .receive()
            .asByteArray()
            .publishOn(Schedulers.boundedElastic())
            .map(bytes -> alloc.buffer(bytes.length).writeBytes(bytes)));
  }

  private Publisher<Void> content(HttpServerRequest request, HttpServerResponse response) {
    return response.send(chunks(request, response).doOnCancel(abandoned::countDown));
  }

  /** Fails in the middle of the answer, so that the connection is closed. */
  private static Publisher<Void> brokenContent(
      HttpServerRequest request, HttpServerResponse response) {
    Mono<ByteBuf> failure = Mono.error(new IllegalStateException("broken"));
    return response.send(Flux.concat(chunks(request, response), failure));
  }

  private static Flux<ByteBuf> chunks(HttpServerRequest request, HttpServerResponse response) {
    Content content = Content.expected(Integer.parseInt(request.param("seed")));
    int chunks = Integer.parseInt(request.param("chunks"));
    return Flux.range(0, chunks)
        .map(i -> response.alloc().buffer(CHUNK).writeBytes(content.next(CHUNK)));
  }
}
