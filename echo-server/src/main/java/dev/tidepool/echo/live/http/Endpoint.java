package dev.tidepool.echo.live.http;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** What answers the requests of one method and path. */
@FunctionalInterface
interface Endpoint {
  /**
   * Answers at once or later, on any thread. Called on the page's event loop: it must not wait.
   *
   * @throws RefusedException if the request cannot be answered
   */
  CompletionStage<? extends Answer> answer(PageRequest request);

  /** Answers at once. */
  static Endpoint now(Function<PageRequest, Answer> answer) {
    return request -> CompletableFuture.completedFuture(answer.apply(request));
  }
}
