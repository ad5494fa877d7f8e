package dev.tidepool.frameworks.spring;

import dev.tidepool.frameworks.Content;
import java.time.Duration;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** A WebFlux application. */
@SpringBootConfiguration
@EnableAutoConfiguration
@Import({SpringRecipes.ArenaConfiguration.class, Application.Answers.class})
class Application {
  static final int CHUNK = 10_000;
  private static final String BYTES = "application/octet-stream";

  /** What each path answers. */
  @RestController
  static class Answers {
    /** Sends what it receives, piece by piece. */
    @PostMapping(path = "/stream", produces = BYTES)
    Flux<DataBuffer> stream(@RequestBody Flux<DataBuffer> request) {
      return request;
    }

    /** Answers when the request is there. */
    @PostMapping(path = "/echo", produces = BYTES)
    Mono<byte[]> echo(@RequestBody Mono<byte[]> request) {
      return request;
    }

    /** Answers later, from a thread that is no event loop. */
    @PostMapping(path = "/later", produces = BYTES)
    Mono<byte[]> later(@RequestBody Mono<byte[]> request) {
      return request.delayElement(Duration.ofMillis(5), Schedulers.boundedElastic());
    }

    @GetMapping("/hello/{name}")
    Mono<String> hello(@PathVariable("name") String name) {
      return Mono.just("hello " + name);
    }

    @GetMapping(path = "/content/{seed}/{chunks}", produces = BYTES)
    Flux<DataBuffer> content(
        @PathVariable("seed") int seed,
        @PathVariable("chunks") int chunks,
        ServerHttpResponse response) {
      Content content = Content.expected(seed);
      DataBufferFactory buffers = response.bufferFactory();
      return Flux.range(0, chunks)
          .map(i -> buffers.allocateBuffer(CHUNK).write(content.next(CHUNK)));
    }
  }
}
