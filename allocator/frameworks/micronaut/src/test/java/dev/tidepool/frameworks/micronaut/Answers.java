package dev.tidepool.frameworks.micronaut;

import dev.tidepool.frameworks.Content;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/** What each path answers. */
@Controller
@Produces(MediaType.APPLICATION_OCTET_STREAM)
@Consumes(MediaType.APPLICATION_OCTET_STREAM)
class Answers {
  static final int CHUNK = 10_000;

  /** Answers on the event loop. */
  @Post("/echo")
  byte[] echo(@Body byte[] request) {
    return request;
  }

  /** Answers on a thread that is no event loop. */
  @Post("/elsewhere")
  @ExecuteOn(TaskExecutors.BLOCKING)
  byte[] elsewhere(@Body byte[] request) {
    return request;
  }

  /** Sends what it receives, piece by piece. */
  @Post("/stream")
  Publisher<byte[]> stream(@Body Publisher<byte[]> request) {
    return request;
  }

  @Get("/content/{seed}/{chunks}")
  Publisher<byte[]> content(int seed, int chunks) {
    Content content = Content.expected(seed);
    return Flux.range(0, chunks).map(i -> content.next(CHUNK));
  }
}
